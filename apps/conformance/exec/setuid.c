// SPDX-License-Identifier: MPL-2.0
// execve with set-user-id and set-group-id files: ids after it, saved ids, the auxiliary vector, no_new_privs.
// Covers: execve getresuid getresgid prctl
#include "../conf.h"
#include <sys/auxv.h>
#include <sys/prctl.h>
int conf_reexec(int argc, char **argv)
{
    (void)argc;
    uid_t r, e, s;
    gid_t gr, ge, gs;
    SC(getresuid, &r, &e, &s), SC(getresgid, &gr, &ge, &gs);
    say("  %s: uid %d %d %d gid %d %d %d secure %ld", argv[1], r, e, s, gr, ge, gs, getauxval(AT_SECURE));
    say("  auxv %ld %ld %ld %ld, dumpable %d", getauxval(AT_UID), getauxval(AT_EUID), getauxval(AT_GID), getauxval(AT_EGID),
        prctl(PR_GET_DUMPABLE));
    return 0;
}
static void run(const char *f)
{
    pid_t c;
    CHILD(c) {
        execl(f, f, f, (char *)0);
        say("  %s: %s", f, ename(errno));
    }
    reap(f, c);
}
static void other(void)
{
    say("as user");
    run("./plain"), run("./suid"), run("./sgid"), run("./both"), run("./sgid_nox"), run("./suid_user");
}
static void quiet(void)
{
    say("with no_new_privs");
    R(SC(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    run("./plain"), run("./suid");
}
static void copy(const char *name, uid_t u, gid_t g, mode_t m)
{
    pid_t c;
    if (!(c = fork()))
        execl("/bin/busybox", "cp", conf_self, name, (char *)0), _exit(1);
    waitpid(c, 0, 0);
    if (chown(name, u, g) || chmod(name, m))
        say("copy: %s", ename(errno));
}
static void test(void)
{
    copy("plain", 0, 0, 0755), copy("suid", 0, 0, 04755), copy("sgid", 5, 7, 02755), copy("both", 5, 7, 06755);
    copy("sgid_nox", 5, 7, 02745), copy("suid_user", 5, 7, 04711);
    say("as root");
    run("./plain"), run("./suid"), run("./both");
    chmod(".", 0755);
    as_user(1000, other);
    as_user(1000, quiet);
    // The bits go when the file is changed or handed over.
    struct stat s;
    chown("both", 1, 1), stat("both", &s), say("after chown %o", s.st_mode);
    chmod("both", 06755);
    int fd = open("both", O_WRONLY);
    write(fd, "x", 1), stat("both", &s), say("after a write by root %o", s.st_mode);
    chmod("both", 06777);
    pid_t c;
    CHILD(c) {
        int w = open("both", O_WRONLY);
        setgid(1000), setuid(1000), write(w, "x", 1);
    }
    waitpid(c, 0, 0);
    stat("both", &s), say("after a write by a user %o", s.st_mode);
}
