// SPDX-License-Identifier: MPL-2.0
// What a mapping may become: the descriptor's mode, the mount and seals decide it once, for mmap and for every later mprotect.
// Covers: mmap mprotect mremap memfd_create
#include "../conf.h"
#include <sys/mount.h>
static const int prots[] = {PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC, PROT_READ | PROT_WRITE | PROT_EXEC};
static const char *const names[] = {"---", "r--", "-w-", "rw-", "r-x", "rwx"};
// The rights that maps shows for the page at p.
static const char *shown(const void *p)
{
    static char line[512], prot[8];
    FILE *f = fopen("/proc/self/maps", "r");
    strcpy(prot, "none");
    while (f && fgets(line, sizeof line, f)) {
        unsigned long from, to;
        char r[8];
        if (sscanf(line, "%lx-%lx %4s", &from, &to, r) == 3 && from <= (unsigned long)p && (unsigned long)p < to)
            strcpy(prot, r);
    }
    if (f)
        fclose(f);
    return prot;
}
static void changes(const char *who, char *m)
{
    char line[256];
    int at = 0;
    for (unsigned i = 0; i < ARRAY(prots); i++) {
        errno = 0;
        long r = mprotect(m, PAGE, prots[i]);
        at += snprintf(line + at, sizeof line - at, " %s=%s", names[i], r ? ename(errno) : "ok");
    }
    say("  %s mprotect:%s", who, line);
    mprotect(m, PAGE, PROT_READ);
}
// mmap with each protection; from the first that succeeds, every change.
static void try_fd(const char *who, int fd)
{
    static const struct { const char *name; int flags; } kinds[] = {{"private", MAP_PRIVATE}, {"shared", MAP_SHARED}, {"validate", 3}};
    say("%s", who);
    for (unsigned k = 0; k < ARRAY(kinds); k++) {
        char line[256], *first = MAP_FAILED;
        int at = 0;
        for (unsigned i = 0; i < ARRAY(prots); i++) {
            errno = 0;
            char *m = mmap(0, 2 * PAGE, prots[i], kinds[k].flags, fd, 0);
            at += snprintf(line + at, sizeof line - at, " %s=%s", names[i], m == MAP_FAILED ? ename(errno) : "ok");
            if (first == MAP_FAILED)
                first = m;
            else if (m != MAP_FAILED)
                munmap(m, 2 * PAGE);
        }
        say("  %s mmap:%s", kinds[k].name, line);
        if (first == MAP_FAILED)
            continue;
        changes(kinds[k].name, first);
        say("  shown %s", shown(first));
        // Rights go along: to the halves, to another place, to a child.
        R(mprotect(first + PAGE, PAGE, PROT_NONE)), R(mprotect(first + PAGE, PAGE, PROT_READ)), say("  shown %s", shown(first));
        char *moved = mremap(first, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
        if (moved != MAP_FAILED)
            munmap(first + PAGE, PAGE), first = moved, changes("moved", first);
        pid_t c;
        CHILD(c) { changes("child", first); }
        waitpid(c, 0, 0);
        if (!mprotect(first, PAGE, PROT_READ | PROT_WRITE)) {
            first[0] = 'w';
            char b = 0;
            if (pread(fd, &b, 1, 0) == 1)
                say("  written '%c'", b), first[0] = 'm';
        }
        munmap(first, 3 * PAGE);
    }
}
static void one(const char *who, int fd)
{
    if (fd < 0) {
        say("%s: %s", who, ename(errno));
        return;
    }
    try_fd(who, fd);
    close(fd);
}
static void sealed(const char *who, int seals)
{
    int fd = SC(memfd_create, "m", 2); // MFD_ALLOW_SEALING
    char path[64];
    ftruncate(fd, 4 * PAGE), pwrite(fd, "m", 1, 0);
    say("seals of %s", who);
    R(fcntl(fd, F_ADD_SEALS, seals)), R(fcntl(fd, F_GET_SEALS));
    sprintf(path, "/proc/self/fd/%d", fd);
    // Opened anew it has the same seals, and who may not write adds none.
    int rw = open(path, O_RDWR), ro = open(path, O_RDONLY);
    R(fcntl(rw, F_GET_SEALS)), R(SC(pwrite64, rw, "x", 1, 0)), R(ftruncate(rw, 8 * PAGE)), R(ftruncate(rw, 3 * PAGE)), R(ftruncate(rw, 4 * PAGE));
    R(fcntl(ro, F_ADD_SEALS, F_SEAL_GROW)), R(fcntl(ro, F_GET_SEALS)), R(fcntl(rw, F_ADD_SEALS, F_SEAL_SEAL)), R(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    char *m = mmap(0, PAGE, PROT_READ, MAP_PRIVATE, rw, 0);
    OK(m == MAP_FAILED ? -1 : 0);
    if (m != MAP_FAILED)
        changes("private", m);
    m = mmap(0, PAGE, PROT_READ, MAP_SHARED, rw, 0);
    if (m != MAP_FAILED)
        changes("shared", m);
    R(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, rw, 0) == MAP_FAILED ? -1 : 0);
    R(mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED ? -1 : 0);
    close(rw), close(ro), close(fd);
}
static void test(void)
{
    int f = open("f", O_RDWR | O_CREAT, 0644), p[2];
    ftruncate(f, 4 * PAGE), pwrite(f, "m", 1, 0);
    one("read only", open("f", O_RDONLY));
    one("write only", open("f", O_WRONLY));
    one("both", f);
    one("append", open("f", O_RDWR | O_APPEND));
    f = open("f", O_RDONLY), R(fcntl(f, F_SETFL, O_RDWR)), one("read only, F_SETFL", f);
    one("neither", open("f", 3));
    one("path", open("f", O_PATH));
    one("folder", open(".", O_RDONLY));
    one("/dev/zero read only", open("/dev/zero", O_RDONLY));
    one("/dev/null", open("/dev/null", O_RDWR));
    one("/proc/self/stat", open("/proc/self/stat", O_RDONLY));
    pipe(p), one("pipe", p[0]);
    f = SC(memfd_create, "m", 0), ftruncate(f, 4 * PAGE), one("memfd", f);
    char *a = mmap(0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    changes("shared anonymous", a);
    // A mount may forbid running, and every mapping made there keeps that.
    mkdir("d", 0755);
    if (!R(mount("t", "d", "tmpfs", MS_NOEXEC, 0))) {
        f = open("d/f", O_RDWR | O_CREAT, 0755);
        ftruncate(f, 4 * PAGE), one("noexec", f);
        R(umount("d"));
    }
    sealed("nothing", 0);
    sealed("size", F_SEAL_SHRINK | F_SEAL_GROW);
    sealed("future writes", 16);
}
