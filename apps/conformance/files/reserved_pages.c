// SPDX-License-Identifier: MPL-2.0
// Pages that fallocate sets aside: where lseek finds data and holes around them.
// Covers: fallocate lseek
#include "../conf.h"
#include <sys/mount.h>
static void look(int fd)
{
    char line[600];
    int n = 0;
    for (long at = 0; at <= 12 * (long)PAGE; at += PAGE / 2) {
        long d = lseek(fd, at, SEEK_DATA), de = errno, h = lseek(fd, at, SEEK_HOLE), he = errno;
        n += snprintf(line + n, sizeof line - n, " %s", d < 0 ? ename(de) : d == at ? "D" : "d");
        n += snprintf(line + n, sizeof line - n, "%s", h < 0 ? ename(he) : h == at ? "H" : "h");
    }
    say("%s", line);
    struct stat st;
    fstat(fd, &st), V(st.st_size), V(st.st_blocks);
}
static void test(void)
{
    char b[PAGE] = "x", c = 0;
    mkdir("t", 0755), mount("t", "t", "tmpfs", 0, "huge=never"), chdir("t");
    int fd = open("f", O_RDWR | O_CREAT, 0644);
    look(fd);
    R(fallocate(fd, 0, 0, 10 * PAGE)), look(fd);
    R(pread(fd, &c, 1, 3 * PAGE)), look(fd);
    R(pwrite(fd, b, 1, PAGE)), look(fd);
    R(pwrite(fd, b, PAGE, 4 * PAGE)), look(fd);
    R(pwrite(fd, b, 100, 6 * PAGE - 50)), look(fd);
    char *m = mmap(0, 10 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    c = m[7 * PAGE], look(fd);
    m[8 * PAGE] = 1, look(fd);
    R(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4 * PAGE, PAGE + 10)), look(fd);
    R(fallocate(fd, 0, 4 * PAGE, 2 * PAGE)), look(fd);
    R(fallocate(fd, FALLOC_FL_KEEP_SIZE, 10 * PAGE, 2 * PAGE)), look(fd);
    R(ftruncate(fd, 12 * PAGE)), look(fd);
    R(ftruncate(fd, 2 * PAGE + 100)), look(fd);
    R(ftruncate(fd, 4 * PAGE)), look(fd);
    munmap(m, 10 * PAGE);
    int g = open("g", O_RDWR | O_CREAT, 0644);
    R(ftruncate(g, 3 * PAGE)), m = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, g, 0), c = m[PAGE], look(g), m[0] = 1, look(g);
    R(pread(g, b, PAGE, 2 * PAGE)), look(g);
    int h = SC(memfd_create, "h", 0);
    R(fallocate(h, 0, PAGE, PAGE)), look(h);
    m = mmap(0, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, g, 0), look(g);
    int k = open("k", O_RDWR | O_CREAT, 0644);
    R(fallocate(k, 0, 0, 4 * PAGE)), R(copy_file_range(g, 0, k, 0, PAGE, 0)), look(k);
    int p[2];
    pipe(p), write(p[1], "abc", 3);
    loff_t off = 2 * PAGE;
    R(splice(p[0], 0, k, &off, 3, 0)), look(k);
    chdir(".."), umount2("t", MNT_DETACH);
}
