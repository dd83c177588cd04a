// SPDX-License-Identifier: MPL-2.0
// memfd_create and seals: sizes, mappings, sharing over fork, exec of a memfd.
// Covers: memfd_create fcntl ftruncate fallocate execveat
#include "../conf.h"
extern char **environ;
#undef fallocate64
static long sendfile_all(int to, int from)
{
    static char b[65536];
    long n = read(from, b, sizeof b);
    return n > 0 ? write(to, b, n) : n;
}
int conf_reexec(int argc, char **argv) { (void)argc, say("  running from a memfd: %s", argv[1]); return 0; }
static void test(void)
{
    char b[64];
    int fd = SC(memfd_create, "name", 0);
    OK(fd);
    R(fcntl(fd, F_GETFD));
    R(write(fd, "hello", 5)), R(pread(fd, b, 10, 0));
    struct stat s;
    fstat(fd, &s), say("mode %o nlink %ld size %ld", s.st_mode, (long)s.st_nlink, (long)s.st_size);
    char path[64];
    sprintf(path, "/proc/self/fd/%d", fd);
    long n = readlink(path, b, 63);
    b[n > 0 ? n : 0] = 0, S(b);
    R(SC(memfd_create, BAD, 0));
    R(SC(memfd_create, "x", 0x8000));
    char longname[300];
    memset(longname, 'n', 299), longname[249] = 0;
    OK(SC(memfd_create, longname, 0));
    longname[249] = 'n', longname[250] = 0;
    R(SC(memfd_create, longname, 0));
    // Without MFD_ALLOW_SEALING no seal can be set.
    R(fcntl(fd, 1034)); // F_GET_SEALS
    R(fcntl(fd, 1033, 2)); // F_ADD_SEALS
    int sf = SC(memfd_create, "sealed", 3);
    R(fcntl(sf, F_GETFD));
    R(fcntl(sf, 1034));
    R(ftruncate(sf, 2 * PAGE));
    char *m = mmap(0, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, sf, 0);
    R(fcntl(sf, 1033, 8)); // F_SEAL_WRITE: not with a writable mapping
    munmap(m, 2 * PAGE);
    R(fcntl(sf, 1033, 2)); // shrink
    R(ftruncate(sf, PAGE)), R(ftruncate(sf, 3 * PAGE));
    R(fcntl(sf, 1033, 4)); // grow
    R(ftruncate(sf, 4 * PAGE)), R(pwrite(sf, "x", 1, 3 * PAGE)), R(pwrite(sf, "x", 1, 0));
    R(fcntl(sf, 1033, 8));
    R(pwrite(sf, "x", 1, 0));
    R(SC(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, sf, 0));
    OK(SC(mmap, 0, PAGE, PROT_READ, MAP_SHARED, sf, 0));
    OK(SC(mmap, 0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, sf, 0));
    R(fcntl(sf, 1033, 1)), R(fcntl(sf, 1034)), R(fcntl(sf, 1033, 2));
    R(fcntl(open("f", O_RDWR | O_CREAT, 0644), 1034) >= -1);
    // The write seal minds only what may write: shared mappings, also those that are read-only for now.
    int ws = SC(memfd_create, "w", 2), ro = (ftruncate(ws, PAGE), sprintf(path, "/proc/self/fd/%d", ws), open(path, O_RDONLY));
    char *priv = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, ws, 0), *still = mmap(0, PAGE, PROT_READ, MAP_SHARED, ro, 0);
    char *later = mmap(0, PAGE, PROT_READ, MAP_SHARED, ws, 0);
    *priv = 'p';
    R(fcntl(ws, 1033, 8)), R(mprotect(later, PAGE, PROT_READ | PROT_WRITE)), R(fcntl(ws, 1033, 8));
    pid_t holder;
    CHILD(holder) { R(munmap(later, PAGE)), R(fcntl(ws, 1033, 8)); }
    reap("holder", holder);
    munmap(later, PAGE), R(fcntl(ws, 1033, 8)), R(fcntl(ws, 1034)), V(*priv), V(*still);
    R(mprotect(still, PAGE, PROT_READ | PROT_WRITE)), R(pwrite(ws, "x", 1, 0)), R(ftruncate(ws, 2 * PAGE));
    // Shared over fork
    int *shared = (ftruncate(fd, PAGE), mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    pid_t c;
    CHILD(c) { *shared = 77; pwrite(fd, "tail", 4, 100); }
    waitpid(c, 0, 0);
    V(*shared), R(pread(fd, b, 4, 100));
    // fallocate
    int fa = SC(memfd_create, "fa", 0);
    R(SC(fallocate, fa, 0, 0, 3 * PAGE)), fstat(fa, &s), V(s.st_size);
    R(SC(fallocate, fa, 1, 0, 9 * PAGE)), fstat(fa, &s), V(s.st_size); // keep size
    pwrite(fa, "abc", 3, PAGE);
    R(SC(fallocate, fa, 3, PAGE, PAGE)); // punch a hole
    R(pread(fa, b, 3, PAGE)), V(b[0]);
    R(SC(fallocate, fa, 2, PAGE, PAGE));
    R(SC(fallocate, fa, 0, -1, PAGE)), R(SC(fallocate, fa, 0, 0, 0)), R(SC(fallocate, 99, 0, 0, 1));
    int p[2];
    pipe(p);
    R(SC(fallocate, p[1], 0, 0, 1)), R(SC(fallocate, open(".", O_RDONLY), 0, 0, 1)), R(SC(fallocate, open("f", O_RDONLY), 0, 0, 1));
    // A program in a memfd
    int ex = SC(memfd_create, "prog", 1), self = open(conf_self, O_RDONLY);
    while (sendfile_all(ex, self) > 0) {}
    CHILD(c) { char *a[] = {"x", "ok", 0}; SC(execveat, ex, "", a, environ, AT_EMPTY_PATH); say("%s", ename(errno)); }
    reap("exec", c);
}
