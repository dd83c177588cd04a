// SPDX-License-Identifier: MPL-2.0
// Files on the system: meminfo, cpuinfo, uptime, loadavg, stat, version, filesystems, mounts, sys/kernel: format and sense.
// Covers: open read sysinfo uname
#include "../conf.h"
#include <sys/sysinfo.h>
#include <sys/utsname.h>
static char t[65536];
static int lines(const char *start)
{
    int n = 0;
    for (char *l = t; *l; l = strchr(l, '\n') ? strchr(l, '\n') + 1 : l + strlen(l))
        n += !strncmp(l, start, strlen(start));
    return n;
}
static long mem(const char *key)
{
    char *p = strstr(t, key);
    return p ? atol(p + strlen(key)) : -1;
}
static const char *shape(const char *s) // digits become 9, runs of digits and spaces become one
{
    static char b[200];
    int o = 0;
    for (; *s && *s != '\n' && o < 190; s++) {
        char c = *s >= '0' && *s <= '9' ? '9' : *s;
        if (!((c == '9' || c == ' ') && o && b[o - 1] == c))
            b[o++] = c;
    }
    b[o] = 0;
    return b;
}
static void test(void)
{
    struct sysinfo si;
    struct utsname u;
    sysinfo(&si), uname(&u);
    R(get_file("/proc/meminfo", t, sizeof t) > 0);
    long total = mem("MemTotal:"), freed = mem("MemFree:"), avail = mem("MemAvailable:");
    say("total %d, free within %d, available within %d, as sysinfo says %d", total > 0, freed > 0 && freed <= total, avail > 0 && avail <= total,
        total == (long)(si.totalram * si.mem_unit / 1024));
    const char *keys[] = {"Buffers:", "Cached:", "SwapTotal:", "SwapFree:", "Active:", "Inactive:", "Dirty:", "AnonPages:", "Mapped:", "Shmem:", "Slab:", "PageTables:", "CommitLimit:", "Committed_AS:"};
    for (size_t i = 0; i < ARRAY(keys); i++)
        say("%s %d", keys[i], mem(keys[i]) >= 0);
    S(shape(t));
    // Memory that is used is missing. (A cache may shrink meanwhile, and what ended before may only now be given back.)
    int missing = 0;
    for (int i = 0; i < 300 && !missing; i++) {
        get_file("/proc/meminfo", t, sizeof t), avail = mem("MemAvailable:");
        char *m = mmap(0, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        memset(m, 1, 32 << 20), get_file("/proc/meminfo", t, sizeof t);
        missing = avail - mem("MemAvailable:") > 25000;
        munmap(m, 32 << 20);
        usleep(20000);
    }
    say("32 MiB are missing %d", missing);
    R(get_file("/proc/cpuinfo", t, sizeof t) > 0);
    say("a processor for each CPU %d", lines("processor") == sysconf(_SC_NPROCESSORS_ONLN));
    say("vendor %d flags %d model name %d fpu %d sse2 %d", lines("vendor_id") > 0, lines("flags") > 0, lines("model name") > 0, strstr(t, " fpu ") != 0, strstr(t, " sse2 ") != 0);
    R(get_file("/proc/uptime", t, sizeof t) > 0), S(shape(t));
    double up = atof(t);
    nap(50), get_file("/proc/uptime", t, sizeof t), say("moves %d, as sysinfo %d", atof(t) > up, labs((long)atof(t) - (long)si.uptime) < 100);
    R(get_file("/proc/loadavg", t, sizeof t) > 0), S(shape(t));
    R(get_file("/proc/version", t, sizeof t) > 0), say("%.14s, release %d", t, strstr(t, u.release) != 0);
    R(get_file("/proc/stat", t, sizeof t) > 0);
    say("cpu %d, each %d, ctxt %d, btime %d, processes %d", lines("cpu "), lines("cpu") - 1 == (int)sysconf(_SC_NPROCESSORS_ONLN), lines("ctxt "), lines("btime "), lines("processes "));
    char *b = strstr(t, "btime ");
    say("btime + uptime is now %d", b && labs(atol(b + 6) + (long)up - time(0)) < 5);
    R(get_file("/proc/filesystems", t, sizeof t) > 0);
    say("proc %d tmpfs %d devtmpfs %d devpts %d", lines("nodev\tproc\n"), lines("nodev\ttmpfs\n"), lines("nodev\tdevtmpfs\n"), lines("nodev\tdevpts\n"));
    R(get_file("/proc/mounts", t, sizeof t) > 0);
    say("proc %d devtmpfs %d devpts %d", strstr(t, " /proc proc rw") != 0, strstr(t, " /dev devtmpfs rw") != 0, strstr(t, " /dev/pts devpts rw") != 0);
    char s[4096];
    get_file("/proc/self/mounts", s, sizeof s), say("self/mounts the same %d", !strcmp(s, t));
    get_file("/proc/self/mountinfo", t, sizeof t), say("mountinfo has / %d", strstr(t, " / / ") != 0);
    R(get_file("/proc/cmdline", t, sizeof t) >= 0), say("one line %d", strchr(t, '\n') == t + strlen(t) - 1);
    get_file("/proc/sys/kernel/ostype", t, sizeof t), S(t), get_file("/proc/sys/kernel/osrelease", t, sizeof t), t[strcspn(t, "\n")] = 0, V(!strcmp(t, u.release));
    get_file("/proc/sys/kernel/hostname", t, sizeof t), t[strcspn(t, "\n")] = 0, V(!strcmp(t, u.nodename));
    get_file("/proc/sys/kernel/pid_max", t, sizeof t), V(atoi(t) >= 32768), get_file("/proc/sys/fs/pipe-max-size", t, sizeof t), S(t);
    R(open("/proc/meminfo", O_WRONLY) >= 0 || errno == EACCES), R(lseek(open("/proc/meminfo", O_RDONLY), 5, SEEK_SET));
}
