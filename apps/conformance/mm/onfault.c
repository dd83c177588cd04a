// SPDX-License-Identifier: MPL-2.0
// mlock2 and mlockall that lock pages as they come: what is in memory, VmLck, the flags of smaps, fork.
// Covers: mlock2 mlockall munlock munlockall mlock
#include "../conf.h"
static void flags(const char *what, const char *p)
{
    char line[512], out[64] = "", *rest;
    int here = 0;
    FILE *f = fopen("/proc/self/smaps", "r");
    while (fgets(line, sizeof line, f)) {
        unsigned long a = strtoul(line, &rest, 16), b = *rest == '-' ? strtoul(rest + 1, 0, 16) : 0;
        if (b)
            here = a <= (unsigned long)p && (unsigned long)p < b;
        else if (here && !strncmp(line, "VmFlags:", 8))
            for (char *t = strtok(line + 8, " \n"); t; t = strtok(0, " \n"))
                if (strstr("rd wr ex sh mr mw me ms lo lf dc wf", t))
                    strcat(strcat(out, t), " ");
    }
    fclose(f), say("%s: %s", what, out);
}
static long locked(void)
{
    char line[256];
    long n = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (fgets(line, sizeof line, f))
        sscanf(line, "VmLck: %ld", &n);
    fclose(f);
    return n;
}
static void present(const char *m)
{
    unsigned char v[4] = {9, 9, 9, 9};
    R(SC(mincore, m, 4 * PAGE, v)), say("%d%d%d%d", v[0] & 1, v[1] & 1, v[2] & 1, v[3] & 1);
}
static void test(void)
{
    char *m = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    R(madvise(m, 4 * PAGE, 15)), V(locked());
    R(SC(mlock2, m, 4 * PAGE, 1)), present(m), V(locked()), flags("on fault", m);
    m[PAGE] = 1, present(m), R(madvise(m, 4 * PAGE, MADV_DONTNEED));
    R(SC(mlock, m, PAGE)), present(m), V(locked()), flags("now", m), flags("the rest", m + PAGE);
    pid_t c;
    CHILD(c) { V(locked()), flags("child", m), flags("child", m + PAGE); }
    reap("child", c);
    R(SC(munlock, m, 4 * PAGE)), V(locked()), flags("unlocked", m);
    CHILD(c) {
        R(SC(mlockall, 6)), V(locked());
        char *n = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        present(n), V(locked()), flags("future on fault", n), flags("before", m);
        R(SC(mlockall, 5)), flags("current on fault", m), present(n), R(SC(munlockall)), V(locked()), flags("none", n);
    }
    reap("all", c);
}
