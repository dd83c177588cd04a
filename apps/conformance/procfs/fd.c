// SPDX-License-Identifier: MPL-2.0
// /proc/self/fd and fdinfo: names of every kind of file, opening again through them, deleted files, exe, cwd and root.
// Covers: readlink open getdents64
#include "../conf.h"
#include <dirent.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#undef getdents64
static const char *name(int fd)
{
    static char b[PATH_MAX];
    char p[32];
    sprintf(p, "/proc/self/fd/%d", fd);
    long n = readlink(p, b, sizeof b - 1);
    if (n < 0)
        return ename(errno);
    b[n] = 0;
    size_t l = strlen(conf_dir);
    if (!strncmp(b, conf_dir, l))
        memmove(b, b + l, n - l + 1);
    char *c = strchr(b, '[');
    if (c && c[1] >= '0' && c[1] <= '9')
        strcpy(c, "[number]");
    return b;
}
static const char *info(int fd, const char *key)
{
    static char b[1000], v[100];
    char p[40];
    sprintf(p, "/proc/self/fdinfo/%d", fd);
    if (get_file(p, b, sizeof b) < 0)
        return ename(errno);
    char *l = strstr(b, key);
    v[0] = 0;
    if (l)
        sscanf(l + strlen(key), " %99s", v);
    return v;
}
static void test(void)
{
    char b[200];
    sigset_t s;
    sigemptyset(&s);
    int f = open("f", O_RDWR | O_CREAT, 0644), d = open(".", O_RDONLY), n = open("/dev/null", O_WRONLY | O_APPEND), p[2];
    pipe(p);
    S(name(f)), S(name(d)), S(name(n)), S(name(p[0])), S(name(99));
    struct stat st, st2;
    fstat(p[0], &st), sprintf(b, "/proc/self/fd/%d", p[0]), stat(b, &st2), say("stat follows %d", st.st_ino == st2.st_ino && S_ISFIFO(st2.st_mode));
    sprintf(b, "/proc/self/fd/%d", f), lstat(b, &st), say("link %o size %ld", st.st_mode, (long)st.st_size);
    sprintf(b, "/proc/self/fd/%d", n), lstat(b, &st), say("link %o", st.st_mode);
    sprintf(b, "/proc/self/fd/%d", p[0]), lstat(b, &st), say("link %o", st.st_mode);
    S(name(epoll_create1(0))), S(name(eventfd(0, 0))), S(name(timerfd_create(CLOCK_MONOTONIC, 0))), S(name(signalfd(-1, &s, 0)));
    S(name(SC(memfd_create, "mem", 0))), S(name(open("f", O_PATH)));
    // Opening through the link: a new open file, also of a deleted one
    write(f, "contents", 8);
    sprintf(b, "/proc/self/fd/%d", f);
    int again = open(b, O_RDONLY);
    OK(again), R(read(again, b, 20)), R(lseek(f, 0, SEEK_CUR));
    rename("f", "renamed"), S(name(f));
    unlink("renamed"), S(name(f));
    sprintf(b, "/proc/self/fd/%d", f), again = open(b, O_RDWR), OK(again), R(read(again, b, 20));
    R(open("/dev/fd/0", O_RDONLY) >= 0 || errno == ENOENT);
    sprintf(b, "/proc/self/fd/%d", p[1]), again = open(b, O_WRONLY), OK(again), write(again, "x", 1), R(read(p[0], b, 10));
    sprintf(b, "/proc/self/fd/%d", d), R(open(b, O_WRONLY));
    sprintf(b, "/proc/self/fd/%d/none", d), R(open(b, O_RDONLY));
    sprintf(b, "/proc/self/fd/%d/../", d), OK(open(b, O_RDONLY)); // through a magic link to a real folder
    R(open("/proc/self/fd/999", O_RDONLY)), R(unlink("/proc/self/fd/0")), R(open("/proc/self/fd/x", O_RDONLY)), R(mkdir("/proc/self/fd/7", 0755));
    // The listing
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *e;
    int count = 0, links = 0, own = 0;
    while ((e = readdir(dir)))
        if (e->d_name[0] != '.')
            count++, links += e->d_type == DT_LNK, own += atoi(e->d_name) == dirfd(dir);
    say("all links %d, its own there %d, many %d", links == count, own, count > 15);
    // fdinfo
    lseek(f, 5, SEEK_SET), S(info(f, "pos:")), S(info(n, "flags:")), S(info(p[0], "flags:")), S(info(99, "pos:"));
    fcntl(f, F_SETFD, FD_CLOEXEC), S(info(f, "flags:"));
    // exe, cwd, root
    long r = readlink("/proc/self/exe", b, 199);
    b[r > 0 ? r : 0] = 0, say("exe right %d", !strcmp(b, conf_self));
    r = readlink("/proc/self/cwd", b, 199), b[r > 0 ? r : 0] = 0, say("cwd right %d", !strcmp(b, conf_dir));
    r = readlink("/proc/self/root", b, 199), b[r > 0 ? r : 0] = 0, S(b);
    mkdir("gone", 0755), chdir("gone"), rmdir("../gone"), r = readlink("/proc/self/cwd", b, 199), b[r > 0 ? r : 0] = 0, say("cwd%s", b + strlen(conf_dir));
    R(chdir("/proc/self/cwd")), R(access("/proc/self/root/dev/null", F_OK));
}
