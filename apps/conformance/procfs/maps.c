// SPDX-License-Identifier: MPL-2.0
// /proc/self/maps: mappings appear with their rights, offsets and names; splitting and merging; the heap and the stack.
// Covers: mmap mprotect munmap brk
#include "../conf.h"
static char text[65536];
struct map { unsigned long start, end, offset, inode; char prot[5], name[300]; int major; };
static int find(unsigned long at, struct map *m)
{
    get_file("/proc/self/maps", text, sizeof text);
    for (char *l = text, *end; *l; l = end + 1) {
        unsigned minor;
        end = strchr(l, '\n');
        *end = 0;
        m->name[0] = 0;
        if (sscanf(l, "%lx-%lx %4s %lx %x:%x %lu %299[^\n]", &m->start, &m->end, m->prot, &m->offset, (unsigned *)&m->major, &minor, &m->inode, m->name) < 7)
            say("cannot read a line");
        if (at >= m->start && at < m->end)
            return 1;
    }
    return 0;
}
static void show(const char *what, void *p)
{
    struct map m;
    if (!find((unsigned long)p, &m)) {
        say("%s: none", what);
        return;
    }
    char *n = m.name;
    size_t l = strlen(conf_dir);
    if (!strncmp(n, conf_dir, l))
        n += l;
    say("%s: %s at page %ld of %ld, offset %#lx inode %d \"%s\"", what, m.prot, ((long)p - (long)m.start) / (long)PAGE,
        ((long)m.end - (long)m.start) / (long)PAGE, m.offset, m.inode != 0, n);
}
static int data = 1;
static void test(void)
{
    struct map m;
    int local, before, ok = 1;
    find((unsigned long)&local, &m), say("stack %s %s", m.prot, m.name);
    find((unsigned long)test, &m), say("text %s file right %d", m.prot, !strcmp(m.name, conf_self));
    find((unsigned long)&data, &m), say("data %s", m.prot);
    char *b = (char *)SC(brk, 0);
    SC(brk, b + 8 * PAGE), find((unsigned long)b + 4 * PAGE, &m), say("heap %s %s", m.prot, m.name);
    // A free area of our own, so that neighbours do not merge
    char *p = mmap(0, 64 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    munmap(p, 64 * PAGE), p += 16 * PAGE;
    int fl = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    mmap(p, 8 * PAGE, PROT_READ | PROT_WRITE, fl, -1, 0), show("anonymous", p + PAGE);
    mprotect(p + 2 * PAGE, PAGE, PROT_READ), show("before", p), show("split", p + 2 * PAGE), show("behind", p + 3 * PAGE);
    mprotect(p + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE), show("merged", p + 2 * PAGE);
    munmap(p + 4 * PAGE, PAGE), show("hole", p + 4 * PAGE), show("left", p + 3 * PAGE), show("right", p + 5 * PAGE);
    mmap(p + 4 * PAGE, PAGE, PROT_READ | PROT_WRITE, fl, -1, 0), show("filled", p + 4 * PAGE);
    mmap(p + 20 * PAGE, PAGE, PROT_READ | PROT_EXEC, fl, -1, 0), show("code", p + 20 * PAGE);
    mmap(p + 22 * PAGE, PAGE, PROT_NONE, fl, -1, 0), show("none", p + 22 * PAGE);
    mmap(p + 24 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0), show("shared anonymous", p + 25 * PAGE);
    int fd = open("a file", O_RDWR | O_CREAT, 0644);
    ftruncate(fd, 8 * PAGE);
    mmap(p + 28 * PAGE, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 3 * PAGE), show("file", p + 29 * PAGE);
    mmap(p + 32 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0), show("shared file", p + 32 * PAGE);
    mmap(p + 34 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 2 * PAGE), show("continued: merged", p + 34 * PAGE);
    mmap(p + 36 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0), show("not continued", p + 36 * PAGE);
    unlink("a file"), show("deleted", p + 36 * PAGE);
    rename("x", "y"), close(fd), show("closed", p + 36 * PAGE);
    // Lines are in order and do not overlap.
    get_file("/proc/self/maps", text, sizeof text);
    unsigned long last = 0, s, e;
    before = 0;
    for (char *l = text; *l; l = strchr(l, '\n') + 1)
        sscanf(l, "%lx-%lx", &s, &e), ok &= s >= last && e > s, last = e, before++;
    say("in order %d, more than ten %d", ok, before > 10);
    // A child's maps through its pid; a reader by small pieces gets the same.
    pid_t c;
    struct gate g = gate_make();
    CHILD(c) { gate_wait(g); }
    char path[32], *piece = malloc(65536);
    sprintf(path, "/proc/%d/maps", c), fd = open(path, O_RDONLY);
    long n = 0, r;
    while ((r = read(fd, piece + n, 37)) > 0)
        n += r;
    get_file(path, text, sizeof text);
    say("by pieces the same %d, child has our mapping %d", n == (long)strlen(text) && !memcmp(piece, text, n), strstr(text, "a file (deleted)") != 0);
    gate_open(g), waitpid(c, 0, 0);
}
