// SPDX-License-Identifier: MPL-2.0
// splice and sendfile where only a part, or nothing, can be stored: what is not stored stays in the pipe or the file.
// Covers: splice sendfile
#include "../conf.h"
#include <sys/resource.h>
static int p[2];
static char b[9000];
static void left(void)
{
    int n = -1;
    ioctl(p[0], FIONREAD, &n);
    V(n);
}
static void test(void)
{
    pipe(p);
    fcntl(p[0], F_SETFL, O_NONBLOCK);
    // A sealed file takes nothing.
    int m = SC(memfd_create, "m", 2); // MFD_ALLOW_SEALING
    ftruncate(m, 100), R(fcntl(m, F_ADD_SEALS, F_SEAL_WRITE));
    write(p[1], "abcdef", 6);
    R(SC(splice, p[0], 0, m, 0, 100, 0)), left(), V(lseek(m, 0, SEEK_CUR));
    R(SC(splice, p[0], 0, m, 0, 2, 0)), left();
    R(write(p[1], "gh", 2)), R(read(p[0], b, 100)), B(b, 8);
    // A limit on the size of files lets a part through.
    struct rlimit l = {5000, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN), setrlimit(RLIMIT_FSIZE, &l);
    int f = open("f", O_RDWR | O_CREAT, 0644);
    for (int i = 0; i < 9000; i++)
        b[i] = 'a' + i % 26;
    write(p[1], b, 9000);
    R(SC(splice, p[0], 0, f, 0, 9000, 0)), left(), V(lseek(f, 0, SEEK_CUR));
    R(SC(splice, p[0], 0, f, 0, 9000, 0)), left();
    memset(b, 0, sizeof b);
    R(read(p[0], b, 9000)), B(b, 30);
    // The same from a file: its position shows what was taken.
    int g = open("f", O_RDONLY);
    int h = open("h", O_RDWR | O_CREAT, 0644);
    lseek(h, 4990, SEEK_SET);
    R(SC(sendfile, h, g, 0, 100)), V(lseek(g, 0, SEEK_CUR)), R(SC(sendfile, h, g, 0, 100)), V(lseek(g, 0, SEEK_CUR));
    // Only reading: EBADF, before anything is taken.
    setrlimit(RLIMIT_FSIZE, &none);
    write(p[1], "abc", 3);
    R(SC(splice, p[0], 0, g, 0, 3, 0)), left();
    // With an offset
    loff_t at = 4998;
    setrlimit(RLIMIT_FSIZE, &l);
    R(SC(splice, p[0], 0, f, &at, 3, 0)), V(at), left();
    R(SC(splice, p[0], 0, f, &at, 3, 0)), V(at), left(), R(read(p[0], b, 10)), B(b, 1);
}
