// SPDX-License-Identifier: MPL-2.0
// Files of a process: cmdline, environ, comm, auxv, limits, children that end, zombies, rights of other users.
// Covers: open read execve
#include "../conf.h"
#include <dirent.h>
#include <sys/auxv.h>
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    char b[5000], n;
    long r = get_file("/proc/self/cmdline", b, sizeof b);
    show_bytes("cmdline", b, r), r = get_file("/proc/self/environ", b, sizeof b), show_bytes("environ", b, r);
    argv[1][0] = 'X', r = get_file("/proc/self/cmdline", b, sizeof b), show_bytes("cmdline changed in memory", b, r);
    get_file("/proc/self/comm", b, sizeof b), S(b);
    R(put_file("/proc/self/comm", "written to comm file", 0)), get_file("/proc/self/comm", b, sizeof b), S(b);
    int fd = open("/proc/self/auxv", O_RDONLY);
    unsigned long v[64] = {0};
    read(fd, v, sizeof v);
    for (int i = 0; i < 62 && v[i]; i += 2)
        if (v[i] == AT_PAGESZ)
            say("page size in auxv %lu", v[i + 1]);
    write(4, "r", 1), read(3, &n, 1);
    return 0;
}
static int listed(pid_t p)
{
    DIR *d = opendir("/proc");
    struct dirent *e;
    int r = 0;
    while ((e = readdir(d)))
        r |= atoi(e->d_name) == p;
    closedir(d);
    return r;
}
static void try_open(const char *what, pid_t p, const char *file, int flags)
{
    char b[64];
    snprintf(b, sizeof b, "/proc/%d/%s", p, file);
    int fd = open(b, flags);
    char c;
    long n = fd < 0 ? 0 : read(fd, &c, 1);
    say("%s %s: %s", what, file, fd < 0 || n < 0 ? ename(errno) : n ? "readable" : "empty");
    close(fd);
}
static pid_t target;
static void other(void)
{
    try_open("user", target, "stat", O_RDONLY), try_open("user", target, "environ", O_RDONLY), try_open("user", target, "maps", O_RDONLY);
    try_open("user", target, "fd", O_RDONLY), try_open("user", target, "cmdline", O_RDONLY), try_open("user", target, "comm", O_WRONLY);
    char b[64], l[16];
    sprintf(b, "/proc/%d/exe", target), R(readlink(b, l, 10)), sprintf(b, "/proc/%d/cwd", target), R(readlink(b, l, 10));
}
static void test(void)
{
    int in[2], out[2];
    pid_t c;
    char b[4096], *args[] = {"argument zero", "one", "", "th ree", 0}, *env[] = {"A=1", "B=two words", 0};
    pipe(in), pipe(out);
    CHILD(c) {
        dup2(in[0], 20), dup2(out[1], 21), dup2(20, 3), dup2(21, 4);
        for (int i = 5; i < 30; i++)
            close(i);
        execve(conf_self, args, env);
    }
    target = c;
    read(out[0], b, 1);
    sprintf(b, "/proc/%d/cmdline", c);
    long n = get_file(b, b, sizeof b);
    show_bytes("seen by the parent", b, n);
    say("listed %d", listed(c));
    struct stat s;
    sprintf(b, "/proc/%d", c), R(stat(b, &s)), say("mode %o uid %d nlink > 2 %d", s.st_mode, s.st_uid, s.st_nlink > 2);
    as_user(1000, other);
    int dir = open(b, O_RDONLY | O_DIRECTORY);
    write(in[1], "x", 1);
    await_state(c, 0, 'Z');
    try_open("zombie", c, "stat", O_RDONLY), try_open("zombie", c, "cmdline", O_RDONLY), try_open("zombie", c, "maps", O_RDONLY), try_open("zombie", c, "fd", O_RDONLY);
    char l[16];
    sprintf(b, "/proc/%d/exe", c), R(readlink(b, l, 10)), say("listed %d", listed(c));
    waitpid(c, 0, 0);
    try_open("gone", c, "stat", O_RDONLY), R(openat(dir, "stat", O_RDONLY)), say("listed %d", listed(c));
    CHILD(c) { setuid(1000); sprintf(b, "/proc/%d", getpid()), stat(b, &s), say("owner after setuid %d", s.st_uid), stat("/proc/self/environ", &s), say("environ %o %d", s.st_mode, s.st_uid); }
    waitpid(c, 0, 0);
    // Limits, and what is not there
    get_file("/proc/self/limits", b, sizeof b);
    say("limits has open files %d and stack %d", strstr(b, "Max open files") != 0, strstr(b, "Max stack size") != 0);
    R(open("/proc/none", O_RDONLY)), R(open("/proc/self/none", O_RDONLY)), R(open("/proc/0", O_RDONLY)), R(open("/proc/007", O_RDONLY)), R(mkdir("/proc/x", 0755));
    R(open("/proc/self/stat", O_WRONLY) >= 0), R(unlink("/proc/self/stat")), R(open("/proc/new", O_CREAT | O_WRONLY, 0644)), R(rename("/proc/self/stat", "/proc/x"));
    n = readlink("/proc/self", b, 99), b[n > 0 ? n : 0] = 0, say("self %d", atoi(b) == getpid());
    n = readlink("/proc/thread-self", b, 99), b[n > 0 ? n : 0] = 0, say("thread-self %s", strchr(b, '/') ? strstr(b, "task") ? "pid/task/tid" : b : b);
    char t[64];
    sprintf(t, "/proc/self/task/%d/stat", getpid()), R(access(t, R_OK)), R(access("/proc/self/task/1/stat", R_OK));
}
