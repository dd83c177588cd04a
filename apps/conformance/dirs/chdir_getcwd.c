// SPDX-License-Identifier: MPL-2.0
// chdir, fchdir, getcwd, chroot: moves, removed directories, renamed directories, errors in order.
// Covers: chdir fchdir getcwd chroot
#include "../conf.h"
static const char *where(void)
{
    static char b[PATH_MAX];
    long r = SC(getcwd, b, sizeof b);
    if (r < 0)
        return ename(errno);
    size_t n = strlen(conf_dir);
    if (b[0] == '(')
        return strtok(b, "/");
    return strncmp(b, conf_dir, n) == 0 ? b + n : b;
}
static void unprivileged(void)
{
    R(SC(chdir, "closed"));
    R(SC(chdir, "closed/in"));
    R(SC(chroot, "."));
    R(SC(chroot, "none"));
    R(SC(chdir, "readable"));
}
static void test(void)
{
    char b[PATH_MAX];
    mkdir("a", 0755), mkdir("a/b", 0755), mkdir("a/b/c", 0755), mkdir("closed", 0700), mkdir("closed/in", 0777);
    mkdir("readable", 0744);
    put_file("f", "", 0644), symlink("a/b", "s");
    R(SC(chdir, "a")), S(where());
    R(SC(chdir, "b/c")), S(where());
    R(SC(chdir, "../..")), S(where());
    R(SC(chdir, "./b/.././b/")), S(where());
    R(SC(chdir, conf_dir)), S(where());
    R(SC(chdir, "s")), S(where());
    R(SC(chdir, "..")), S(where()); // .. of the directory, not of the link
    R(SC(chdir, "/../..")), S(where());
    chdir(conf_dir);
    R(SC(chdir, "f"));
    R(SC(chdir, "none"));
    R(SC(chdir, ""));
    R(SC(chdir, BAD));
    int fd = open("a/b", O_RDONLY), o = open("a", O_PATH), f = open("f", O_RDONLY);
    R(SC(fchdir, fd)), S(where());
    R(SC(fchdir, o)), S(where());
    R(SC(fchdir, f));
    R(SC(fchdir, 99));
    chdir(conf_dir);
    R(SC(getcwd, b, strlen(conf_dir) + 1) == (long)strlen(conf_dir) + 1);
    R(SC(getcwd, b, strlen(conf_dir)));
    R(SC(getcwd, b, 0));
    R(SC(getcwd, BAD, 4096));
    // The name follows a rename; a removed directory has none.
    chdir("a/b/c");
    rename(conf_dir, conf_dir);
    chdir(conf_dir), rename("a", "z"), fchdir(fd), S(where());
    chdir("c"), rmdir("../c"), S(where());
    R(open("x", O_CREAT | O_WRONLY, 0644));
    R(chdir("."));
    R(chdir("..")), S(where());
    chdir(conf_dir);
    as_user(1000, unprivileged);
    // chroot, in a child
    pid_t c;
    CHILD(c) {
        int out = open("/", O_RDONLY);
        R(SC(chroot, "none"));
        R(SC(chroot, "f"));
        R(SC(chroot, "z"));
        S(where()); // the working directory is outside
        R(chdir("/")), S(where());
        R(chdir("..")), S(where());
        R(chdir("/b")), S(where());
        R(access("/f", F_OK));
        R(fchdir(out));
        R(access("tmp", F_OK)); // a descriptor still leads out
        S(where());
    }
    reap("chroot", c);
    S(where());
}
