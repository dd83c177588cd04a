// SPDX-License-Identifier: MPL-2.0
// /proc/PID/mem: a process's memory by address: own and a child's, positions, holes, rights, after exec and exit.
// Covers: pread64 pwrite64 lseek read write
#include "../conf.h"
static char word[] = "secret";
static void stranger(void)
{
    R(open("/proc/1/mem", O_RDONLY));
}
static void test(void)
{
    char b[2 * PAGE], path[64];
    pid_t c;
    int fd = open("/proc/self/mem", O_RDWR);
    OK(fd);
    R(pread(fd, b, 6, (long)word)), B(b, 6);
    R(pwrite(fd, "PUBLIC", 6, (long)word)), S(word);
    R(lseek(fd, (long)word, SEEK_SET) == (long)word), R(read(fd, b, 3)), B(b, 3), R(read(fd, b, 3)), B(b, 3), R(write(fd, "!", 1)), say("%c", word[6]), word[6] = 0;
    R(lseek(fd, -9, SEEK_CUR) == (long)word - 2), R(lseek(fd, 0, SEEK_END));
    // Up to a hole, and in it
    char *m = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(m + 2 * PAGE, PAGE), strcpy(m + 2 * PAGE - 5, "edge");
    R(pread(fd, b, 10, (long)m + 2 * PAGE - 5)), S(b);
    R(pread(fd, b, 10, (long)m + 2 * PAGE)), R(pread(fd, b, 2 * PAGE, (long)m)), R(pread(fd, b, 1, 0)), R(pread(fd, b, 0, 0)), R(pread(fd, b, 1, 1ul << 62));
    R(pwrite(fd, "xy", 2, (long)m + 2 * PAGE - 1)), say("%c", m[2 * PAGE - 1]), R(pwrite(fd, "x", 1, (long)m + 2 * PAGE));
    R(pread(fd, BAD, 5, (long)word)), R(pwrite(fd, BAD, 5, (long)word));
    // What was not touched yet reads as zeros.
    R(pread(fd, b, 4, (long)m + 3 * PAGE)), say("%d", b[0] + b[3]);
    // A child's, which is another copy
    struct gate g = gate_make(), h = gate_make();
    CHILD(c) { strcpy(word, "child"), gate_open(g), gate_wait(h), say("child has %s", word), gate_open(g), gate_wait(h); }
    gate_wait(g), sprintf(path, "/proc/%d/mem", c);
    int k = open(path, O_RDWR);
    R(pread(k, b, 6, (long)word)), S(b), R(pwrite(k, "other", 5, (long)word)), gate_open(h), gate_wait(g), S(word);
    gate_open(h), waitpid(c, 0, 0), R(pread(k, b, 6, (long)word)), R(pwrite(k, "x", 1, (long)word)), R(open(path, O_RDONLY));
    R(ftruncate(fd, 0)), R(fchmod(fd, 0777));
    as_user(1000, stranger);
}
