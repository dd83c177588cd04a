// SPDX-License-Identifier: MPL-2.0
// What a descriptor may be used for: every operation on descriptors of each access mode and kind.
// Covers: read write pread64 pwrite64 readv writev preadv pwritev preadv2 pwritev2 lseek ftruncate fallocate fcntl mmap splice
#include "../conf.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
static char line[4096], b[16], page[PAGE];
static int at;
static void note(const char *name, long r)
{
    at += snprintf(line + at, sizeof line - at, " %s=", name);
    if (r == -1)
        at += snprintf(line + at, sizeof line - at, "%s", ename(errno));
    else
        at += snprintf(line + at, sizeof line - at, "%ld", r);
}
static void flush(const char *who, const char *what)
{
    say("%s %s:%s", who, what, line);
    at = 0, line[0] = 0;
}
#define T(name, expr) (errno = 0, note(name, (long)(expr)))
static int pr, pw, file; // to copy from and to
static void refill(void)
{
    while (read(pr, page, PAGE) > 0) {}
    write(pw, "12345678", 8);
}
static long mapped(int fd, int prot, int flags)
{
    char *m = mmap(0, PAGE, prot, flags, fd, 0);
    if (m == MAP_FAILED)
        return -1;
    munmap(m, PAGE);
    return 0;
}
static long locked(int fd, int type)
{
    struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = 1000, .l_len = 1};
    long r = fcntl(fd, F_SETLK, &l);
    l.l_type = F_UNLCK;
    int e = errno;
    fcntl(fd, F_SETLK, &l);
    errno = e;
    return r;
}
static long flocked(int fd, int how)
{
    long r = flock(fd, how | LOCK_NB);
    int e = errno;
    flock(fd, LOCK_UN);
    errno = e;
    return r;
}
static long truncated(int fd, long n)
{
    return ftruncate(fd, n);
}
static void try_all(const char *who, int fd, int sized)
{
    struct iovec v = {b, 3};
    loff_t o = 0;
    int n = 0;
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    T("read", read(fd, b, 3)), T("pread", SC(pread64, fd, b, 3, 0)), T("readv", readv(fd, &v, 1));
    T("preadv", SC(preadv, fd, &v, 1, 0, 0)), T("preadv2", SC(preadv2, fd, &v, 1, 0, 0, 0)), T("preadv2_here", SC(preadv2, fd, &v, 1, -1, -1, 0));
    T("none", read(fd, b, 0)), T("pread_none", SC(pread64, fd, b, 0, 0)), T("read_bad", read(fd, (void *)-1, 3));
    T("pread_bad", SC(pread64, fd, -1, 3, 0)), T("pread_below", SC(pread64, fd, b, 3, -1)), T("pread_far", SC(pread64, fd, b, 3, INT64_MAX));
    T("preadv_bad", SC(preadv, fd, 1, 1, 0, 0)), T("readv_bad", SC(readv, fd, 1, 1)), T("readv_none", SC(readv, fd, &v, 0));
    flush(who, "read");
    memcpy(b, "abcdefgh", 8);
    T("write", write(fd, b, 3)), T("pwrite", SC(pwrite64, fd, b, 3, 0)), T("writev", writev(fd, &v, 1));
    T("pwritev", SC(pwritev, fd, &v, 1, 0, 0)), T("pwritev2", SC(pwritev2, fd, &v, 1, 0, 0, 0)), T("pwritev2_here", SC(pwritev2, fd, &v, 1, -1, -1, 0));
    T("append", SC(pwritev2, fd, &v, 1, 0, 0, 16));
    if (sized >= 0)
        T("append_here", SC(pwritev2, fd, &v, 1, -1, -1, 16));
    T("none", write(fd, b, 0)), T("pwrite_none", SC(pwrite64, fd, b, 0, 0)), T("write_bad", write(fd, (void *)-1, 3));
    T("pwrite_bad", SC(pwrite64, fd, -1, 3, 0)), T("pwrite_below", SC(pwrite64, fd, b, 3, -1)), T("pwrite_far", SC(pwrite64, fd, b, 3, INT64_MAX));
    T("pwritev_bad", SC(pwritev, fd, 1, 1, 0, 0)), T("writev_bad", SC(writev, fd, 1, 1));
    flush(who, "write");
    T("here", lseek(fd, 0, SEEK_CUR)), T("set", lseek(fd, 2, SEEK_SET)), T("bad", lseek(fd, 0, 9)), T("below", lseek(fd, -1, SEEK_SET));
    T("back", lseek(fd, 0, SEEK_SET));
    flush(who, "seek");
    T("ftruncate", truncated(fd, 64)), T("below", truncated(fd, -1)), T("fallocate", fallocate(fd, 0, 0, 64)), T("bad_mode", fallocate(fd, 0x4000, 0, 64));
    T("bad_range", fallocate(fd, 0, -1, 64)), T("fsync", SC(fsync, fd) ? -1 : 0), T("fdatasync", SC(fdatasync, fd) ? -1 : 0);
    T("fadvise", SC(fadvise64, fd, 0, 0, 0)), T("getdents", SC(getdents64, fd, page, 0));
    flush(who, "size");
    T("fionread", ioctl(fd, FIONREAD, &n)), T("fionbio", ioctl(fd, FIONBIO, &n)), n = 1, ioctl(fd, FIONBIO, &n), T("ioctl", ioctl(fd, 0x1234, 0));
    T("fioclex", ioctl(fd, FIOCLEX)), T("getfd", fcntl(fd, F_GETFD)), T("setfd", fcntl(fd, F_SETFD, 0)), T("dup", fcntl(fd, F_DUPFD, 100) >= 0 ? 0 : -1), close(100);
    T("setfl", fcntl(fd, F_SETFL, fcntl(fd, F_GETFL))), T("pipe_size", fcntl(fd, F_GETPIPE_SZ)), T("seals", fcntl(fd, F_GET_SEALS));
    T("bad_command", fcntl(fd, 999)), T("owner", fcntl(fd, F_GETOWN));
    if (sized >= 0)
        T("lock_r", locked(fd, F_RDLCK)), T("lock_w", locked(fd, F_WRLCK)), T("flock_s", flocked(fd, LOCK_SH)), T("flock_x", flocked(fd, LOCK_EX));
    flush(who, "control");
    T("private", mapped(fd, PROT_READ, MAP_PRIVATE)), T("private_w", mapped(fd, PROT_READ | PROT_WRITE, MAP_PRIVATE));
    T("private_x", mapped(fd, PROT_READ | PROT_EXEC, MAP_PRIVATE)), T("shared", mapped(fd, PROT_READ, MAP_SHARED));
    T("shared_w", mapped(fd, PROT_WRITE, MAP_SHARED)), T("shared_none", mapped(fd, PROT_NONE, MAP_SHARED)), T("validate", mapped(fd, PROT_READ, 3));
    flush(who, "map");
    if (sized >= 0) {
        refill();
        lseek(file, 0, SEEK_SET);
        T("sendfile_from", SC(sendfile, pw, fd, 0, 2)), o = 0, T("sendfile_at", SC(sendfile, pw, fd, &o, 2)), T("sendfile_to", SC(sendfile, fd, file, 0, 2));
        o = 0, T("copy_from", SC(copy_file_range, fd, &o, file, 0, 2, 0)), o = 0, T("copy_to", SC(copy_file_range, file, &o, fd, 0, 2, 0));
        T("splice_from", SC(splice, fd, 0, pw, 0, 2, 2)), o = 0, T("splice_from_at", SC(splice, fd, &o, pw, 0, 2, 2));
        T("splice_to", SC(splice, pr, 0, fd, 0, 2, 2)), o = 0, T("splice_to_at", SC(splice, pr, 0, fd, &o, 2, 2));
        T("tee_from", SC(tee, fd, pw, 2, 2)), T("tee_to", SC(tee, pr, fd, 2, 2));
        flush(who, "copy");
    }
    struct stat st;
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    struct epoll_event ev = {EPOLLIN, {0}};
    int ep = epoll_create1(0);
    T("poll", poll(&p, 1, 0) == 1 ? p.revents : 0), T("epoll", epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev)), T("fstat", fstat(fd, &st));
    T("fchdir", fchdir(fd)), T("syncfs", syncfs(fd));
    if (sized > 0)
        T("fchmod", SC(fchmod, fd, 0644)), T("fchown", SC(fchown, fd, -1, -1)), T("utimens", SC(utimensat, fd, 0, 0, 0));
    T("mode", (fcntl(fd, F_GETFL) & ~0100000) & 010022003);
    close(ep);
    flush(who, "rest");
}
static void one(const char *who, int fd, int sized)
{
    if (fd < 0) {
        say("%s: %s", who, ename(errno));
        return;
    }
    try_all(who, fd, sized);
    close(fd);
}
static void flags(void)
{
    char t[64];
    // O_APPEND belongs to the open file: whoever has it may set it and take it away, and nothing else of the mode.
    int f = open("a", O_RDWR | O_CREAT | O_TRUNC, 0644), d = dup(f);
    write(f, "0123456789", 10);
    R(fcntl(d, F_SETFL, O_APPEND | O_RDONLY)), R(lseek(f, 2, SEEK_SET)), R(write(f, "AB", 2)), R(lseek(f, 0, SEEK_CUR));
    R(SC(pwrite64, f, "CD", 2, 0)), R(SC(pread64, f, t, 40, 0)), B(t, 14);
    R(SC(sendfile, f, file, 0, 1)), R(SC(splice, pr, 0, f, 0, 1, 2));
    loff_t o = 0;
    R(SC(copy_file_range, file, &o, f, 0, 1, 0));
    R(fcntl(f, F_SETFL, O_WRONLY)), R(SC(pwrite64, d, "x", 1, 0)), R(SC(pread64, d, t, 40, 0)), B(t, 14);
    V(fcntl(f, F_GETFL) & (O_ACCMODE | O_APPEND));
    close(f), close(d);
    f = open("a", O_RDONLY);
    R(fcntl(f, F_SETFL, O_RDWR | O_APPEND | O_TRUNC | O_CREAT)), V(fcntl(f, F_GETFL) & (O_ACCMODE | O_APPEND | O_TRUNC));
    R(write(f, "x", 1)), R(SC(ftruncate, f, 0)), close(f);
    f = open("a", O_WRONLY | O_APPEND);
    R(fcntl(f, F_SETFL, 0)), R(SC(pwrite64, f, "y", 1, 1)), R(read(f, t, 1)), close(f);
    f = open("a", O_RDONLY), R(read(f, t, 40)), B(t, 4), close(f);
    f = open("a", O_PATH), R(fcntl(f, F_SETFL, O_APPEND)), R(fcntl(f, F_GETFL)), d = dup(f), R(read(d, t, 1)), R(fcntl(d, F_GETFL)), close(f), close(d);
    // A child and a new program's table have the same descriptors with the same rights.
    f = open("a", O_WRONLY);
    pid_t c;
    CHILD(c) { R(read(f, t, 1)), R(write(f, "z", 1)), R(SC(close_range, 90, 91, 2)), R(read(f, t, 1)), R(write(f, "z", 1)); }
    reap("child", c);
    // What /proc/self/fd leads to is opened anew: the file's mode decides, not the descriptor's.
    sprintf(t, "/proc/self/fd/%d", f);
    int g = open(t, O_RDONLY);
    R(read(g, b, 2)), R(write(g, b, 2)), close(g);
    struct stat st;
    R(lstat(t, &st)), V(st.st_mode & 0777);
    g = open("a", O_PATH), sprintf(t, "/proc/self/fd/%d", g), R(lstat(t, &st)), V(st.st_mode & 0777), close(g);
    g = open("a", 3), sprintf(t, "/proc/self/fd/%d", g), R(lstat(t, &st)), V(st.st_mode & 0777), close(g);
}
static void test(void)
{
    int p[2], q[2];
    signal(SIGPIPE, SIG_IGN);
    pipe2(p, O_NONBLOCK), pr = p[0], pw = p[1];
    file = open("source", O_RDWR | O_CREAT, 0644);
    write(file, "0123456789abcdef0123456789abcdef", 32);
    int f = open("f", O_RDWR | O_CREAT, 0644);
    memset(page, 'p', PAGE), write(f, page, PAGE), close(f);
    one("read only", open("f", O_RDONLY), 1);
    one("write only", open("f", O_WRONLY), 1);
    one("both", open("f", O_RDWR), 1);
    one("append", open("f", O_WRONLY | O_APPEND), 1);
    one("neither", open("f", 3), 1);
    one("path", open("f", O_PATH), 1);
    one("path of folder", open(".", O_PATH | O_DIRECTORY), 1);
    one("folder", open(".", O_RDONLY | O_DIRECTORY), 0);
    pipe2(q, O_NONBLOCK);
    one("pipe's write end", q[1], 0);
    pipe2(q, O_NONBLOCK);
    one("pipe's read end", q[0], 0);
    mkfifo("fifo", 0600);
    one("fifo", open("fifo", O_RDWR | O_NONBLOCK), 0);
    one("/dev/null", open("/dev/null", O_RDWR), -1);
    one("/dev/null, to write", open("/dev/null", O_WRONLY), -1);
    one("/dev/zero", open("/dev/zero", O_RDONLY), -1);
    one("eventfd", eventfd(1, EFD_NONBLOCK), -1);
    flags();
}
