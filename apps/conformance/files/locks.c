// SPDX-License-Identifier: MPL-2.0
// Record locks: splitting and joining, closing, fork, deadlocks, locks of open files; flock that changes its kind.
// Covers: fcntl flock
#include "../conf.h"
#include <sys/file.h>
#ifndef F_OFD_GETLK
#define F_OFD_GETLK 36
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38
#endif
static long lock(int fd, int cmd, int type, long start, long len)
{
    struct flock l = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len};
    return fcntl(fd, cmd, &l);
}
// What a child finds locked, byte by byte.
static void map(const char *what)
{
    pid_t p;
    CHILD(p) {
        char b[40] = "";
        int fd = open("f", O_RDWR);
        for (int i = 0; i < 30; i++) {
            struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = i, .l_len = 1};
            fcntl(fd, F_GETLK, &l);
            b[i] = l.l_type == F_UNLCK ? '.' : l.l_type == F_RDLCK ? 'r' : 'w';
        }
        say("%-12s %s", what, b);
    }
    waitpid(p, 0, 0);
}
static void get(const char *what, int fd, int cmd, long start)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = 1};
    errno = 0;
    fcntl(fd, cmd, &l);
    say("%s: %s type %d from %ld length %ld, process %d", what, ename(errno), l.l_type, (long)l.l_start, (long)l.l_len, l.l_pid == -1 ? -1 : l.l_pid == 0 ? 0 : 1);
}
static void test(void)
{
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    R(lock(fd, F_SETLK, F_WRLCK, 0, 20)), map("0 to 19");
    R(lock(fd, F_SETLK, F_UNLCK, 5, 5)), map("a hole");
    R(lock(fd, F_SETLK, F_RDLCK, 12, 3)), map("a read lock");
    R(lock(fd, F_SETLK, F_WRLCK, 5, 8)), map("joined");
    R(lock(fd, F_SETLK, F_RDLCK, 18, 0)), map("to the end");
    // From the position, from the end, backwards
    ftruncate(fd, 25), lseek(fd, 22, SEEK_SET);
    struct flock l = {.l_type = F_UNLCK, .l_whence = SEEK_CUR, .l_start = 0, .l_len = 2};
    R(fcntl(fd, F_SETLK, &l)), map("22 and 23");
    l = (struct flock){.l_type = F_UNLCK, .l_whence = SEEK_END, .l_start = 3, .l_len = -2};
    R(fcntl(fd, F_SETLK, &l)), map("26 and 27");
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2, .l_len = -3}, R(fcntl(fd, F_SETLK, &l));
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x7fffffffffffffff, .l_len = 2}, R(fcntl(fd, F_SETLK, &l));
    l = (struct flock){.l_type = F_WRLCK, .l_whence = 7}, R(fcntl(fd, F_SETLK, &l));
    l = (struct flock){.l_type = F_UNLCK, .l_whence = SEEK_SET}, R(fcntl(fd, F_GETLK, &l)), R(fcntl(99, F_SETLK, &l)), R(fcntl(open("f", O_PATH), F_SETLK, &l));
    int w = open("f", O_WRONLY);
    R(lock(w, F_SETLK, F_RDLCK, 100, 1));
    // Closing any descriptor of the file ends them all.
    close(w), map("closed one");
    // A child does not inherit them, and its end ends its own.
    lock(fd, F_SETLK, F_WRLCK, 0, 10);
    pid_t p;
    CHILD(p) { R(lock(fd, F_SETLK, F_WRLCK, 0, 1)), R(lock(fd, F_SETLK, F_WRLCK, 15, 3)), map("of a child"); }
    waitpid(p, 0, 0), map("its end");
    // Two that wait for each other
    struct gate up = gate_make();
    CHILD(p) { lock(fd, F_SETLK, F_WRLCK, 20, 1), gate_open(up), R(lock(fd, F_SETLKW, F_WRLCK, 0, 1)); }
    gate_wait(up), await_state(p, 0, 'S');
    R(lock(fd, F_SETLKW, F_WRLCK, 20, 1));
    int gave_up = lock(fd, F_SETLK, F_UNLCK, 0, 0); // printed later: the child goes on at once
    reap("child", p), V(gave_up);
    // Locks of an open file: seen by others of the same process, shared by its duplicates, gone with the last of them.
    int a = open("f", O_RDWR), b = open("f", O_RDWR), d = dup(a);
    R(lock(a, F_OFD_SETLK, F_WRLCK, 0, 10)), R(lock(d, F_OFD_SETLK, F_WRLCK, 0, 5)), R(lock(b, F_OFD_SETLK, F_RDLCK, 0, 1)), R(lock(fd, F_SETLK, F_RDLCK, 0, 1));
    get("by the other", b, F_OFD_GETLK, 3), get("by itself", d, F_OFD_GETLK, 3), get("by the process", fd, F_GETLK, 3);
    l = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_pid = 1}, R(fcntl(a, F_OFD_SETLK, &l));
    close(a), R(lock(b, F_OFD_SETLK, F_RDLCK, 0, 1)), close(d), R(lock(b, F_OFD_SETLK, F_RDLCK, 0, 1));
    CHILD(p) { int c = open("f", O_RDWR); INTR(lock(c, F_OFD_SETLKW, F_WRLCK, 0, 1)); }
    waitpid(p, 0, 0), close(b);
    // flock: from shared to exclusive; the two kinds of locks do not meet; a child shares the open file's.
    a = open("f", O_RDWR), b = open("f", O_RDONLY);
    R(flock(a, LOCK_SH)), R(flock(b, LOCK_SH)), R(flock(a, LOCK_EX | LOCK_NB)), R(flock(b, LOCK_EX | LOCK_NB)), R(flock(a, LOCK_SH | LOCK_NB)), R(flock(b, LOCK_UN));
    R(lock(fd, F_SETLK, F_WRLCK, 0, 0)), R(flock(a, LOCK_EX | LOCK_NB));
    CHILD(p) { R(flock(a, LOCK_UN)); }
    waitpid(p, 0, 0), R(flock(b, LOCK_EX | LOCK_NB)), R(flock(b, LOCK_SH | LOCK_EX)), R(flock(b, 0)), R(flock(open("f", O_PATH), LOCK_SH)), R(flock(open(".", O_RDONLY), LOCK_EX | LOCK_NB));
    CHILD(p) { int c = open("f", O_RDONLY); gate_open(up), R(flock(c, LOCK_EX)); }
    gate_wait(up), await_state(p, 0, 'S'), say("unlocks"), flock(b, LOCK_UN);
    reap("waiter", p);
}
