// SPDX-License-Identifier: MPL-2.0
// Scripts: #! with argument, with spaces, nested interpreters, long lines, arguments handed over.
// Covers: execve
#include "../conf.h"
extern char **environ;
int conf_reexec(int argc, char **argv)
{
    char b[1000] = "";
    for (int i = 0; i < argc; i++) {
        strcat(b, " [");
        strncat(b, strstr(argv[i], "conf.") ? strrchr(argv[i], '/') + 1 : i ? argv[i] : strrchr(argv[i], '/') + 1, 100);
        strcat(b, "]");
    }
    say("  interpreter got%s", b);
    return 0;
}
static void run(const char *what, const char *path, const char *a)
{
    pid_t c;
    CHILD(c) {
        char *args[] = {"argv0", (char *)a, 0};
        execve(path, args, environ);
        say("  %s", ename(errno));
        _exit(1);
    }
    reap(what, c);
}
static void script(const char *what, const char *line)
{
    char b[1000];
    snprintf(b, sizeof b, line, "i");
    put_file("s", b, 0755);
    run(what, "./s", "arg");
    unlink("s");
}
static void test(void)
{
    char b[1200], p[200];
    symlink(conf_self, "i");
    script("plain", "#!./%s\n");
    script("one option", "#!./%s -x\n");
    script("options stay one", "#! ./%s -x -y  z  \n");
    script("tabs", "#!\t./%s\t-x\t\n");
    script("no newline", "#!./%s -q");
    script("carriage return", "#!./%s\r\n");
    script("shell", "#!/bin/sh\necho \"  sh: $0 $# $1\"\nexit 5\n");
    script("shell -e", "#!/bin/sh -e\nfalse\necho no\n");
    run("by absolute path", (snprintf(p, 200, "%s/abs", conf_dir), put_file("abs", "#!./i\n", 0755), p), "arg");
    run("no arguments", "abs", 0);
    put_file("n1", "#!./i one\n", 0755), put_file("n2", "#!./n1 two\n", 0755), put_file("n3", "#!./n2 three\n", 0755);
    put_file("n4", "#!./n3 four\n", 0755), put_file("n5", "#!./n4 five\n", 0755), put_file("n6", "#!./n5 six\n", 0755);
    run("nested 2", "n2", "arg");
    run("nested 4", "n4", "arg");
    run("nested 5", "n5", "arg");
    run("nested 6", "n6", "arg");
    // The first line is cut after 256 bytes.
    memset(b, 0, sizeof b), strcpy(b, "#!./i "), memset(b + 6, 'o', 300), strcat(b, "\n");
    put_file("long", b, 0755), run("long option", "long", "arg");
    memset(b, 0, sizeof b), strcpy(b, "#!./"), memset(b + 4, 'o', 300), strcat(b, "\n");
    put_file("long2", b, 0755), run("long name", "long2", "arg");
    // A descriptor as script: the name is that of /dev/fd.
    int fd = open("n1", O_RDONLY);
    pid_t c;
    CHILD(c) {
        char *args[] = {"argv0", "arg", 0};
        dup2(fd, 20);
        SC(execveat, 20, "", args, environ, AT_EMPTY_PATH);
        say("  %s", ename(errno));
    }
    reap("by descriptor", c);
    CHILD(c) {
        char *args[] = {"argv0", "arg", 0};
        dup3(fd, 21, O_CLOEXEC);
        SC(execveat, 21, "", args, environ, AT_EMPTY_PATH);
        say("  %s", ename(errno));
    }
    reap("by a descriptor that is closed", c);
    // Set-id bits of scripts mean nothing; set-uid of programs does.
    struct stat s;
    chown("n1", 1000, 1000), chmod("n1", 06755), stat("n1", &s);
    say("mode %o", s.st_mode);
    put_file("id", "#!/bin/sh\nid -u; id -g\n", 0755), chown("id", 1000, 1000), chmod("id", 06755);
    run("set-uid script", "id", 0);
}
