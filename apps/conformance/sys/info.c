// SPDX-License-Identifier: MPL-2.0
// sysinfo, getrusage, getcpu, getrandom, sync and friends, statfs: plausible values and errors.
// Covers: sysinfo getrusage getcpu getrandom sync fsync fdatasync syncfs statfs fstatfs
#include "../conf.h"
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
static void kind(const char *p)
{
    struct statfs s;
    if (SC(statfs, p, &s))
        say("%s: %s", p, ename(errno));
    else
        say("%s: type %lx bsize %ld namelen %ld free within %d", p, (long)s.f_type, (long)s.f_bsize, (long)s.f_namelen, s.f_bfree <= s.f_blocks && s.f_bavail <= s.f_bfree);
}
static void test(void)
{
    struct sysinfo si;
    R(SC(sysinfo, &si)), R(SC(sysinfo, BAD));
    say("up %d, memory %d, free within %d, processes %d, unit %u", (long)si.uptime >= 0, si.totalram > 0, si.freeram <= si.totalram, si.procs > 0, si.mem_unit);
    struct rusage u, v;
    R(SC(getrusage, RUSAGE_SELF, &u)), R(SC(getrusage, RUSAGE_CHILDREN, &v)), R(SC(getrusage, 1, &u)), R(SC(getrusage, 2, &u)), R(SC(getrusage, -3, &u)), R(SC(getrusage, 0, BAD)), R(SC(getrusage, 2, BAD));
    say("children none yet %d", v.ru_utime.tv_sec + v.ru_utime.tv_usec + v.ru_stime.tv_sec + v.ru_stime.tv_usec == 0);
    SC(getrusage, RUSAGE_SELF, &u);
    char *m = mmap(0, 200 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    madvise(m, 200 * PAGE, 15);
    for (int i = 0; i < 200; i++)
        m[i * PAGE] = 1;
    SC(getrusage, RUSAGE_SELF, &v), say("page faults counted %d, size %d", v.ru_minflt > u.ru_minflt, v.ru_maxrss > 0);
    for (int i = 0; i < 20; i++)
        nap(1);
    SC(getrusage, RUSAGE_SELF, &u), say("waits counted %d", u.ru_nvcsw - v.ru_nvcsw > 0);
    pid_t c;
    CHILD(c) { struct timespec t; do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); while (t.tv_nsec < 60000000 && !t.tv_sec); }
    waitpid(c, 0, 0);
    SC(getrusage, RUSAGE_CHILDREN, &v), say("children's time %d", v.ru_utime.tv_usec + v.ru_stime.tv_usec + v.ru_utime.tv_sec * 1000000 >= 40000);
    unsigned cpu = 999, node = 999;
    R(SC(getcpu, &cpu, &node, 0)), say("cpu in range %d, node %u", (int)cpu < sysconf(_SC_NPROCESSORS_CONF), node);
    R(SC(getcpu, 0, 0, 0)), R(SC(getcpu, BAD, 0, 0)), R(SC(getcpu, 0, BAD, 0));
    char a[300] = "", b[300] = "";
    R(SC(getrandom, a, 256, 0)), R(SC(getrandom, b, 256, 0)), say("differ %d", memcmp(a, b, 256) != 0);
    R(SC(getrandom, a, 0, 0)), R(SC(getrandom, a, 300, 1)), R(SC(getrandom, a, 10, 2)), R(SC(getrandom, a, 10, 4)), R(SC(getrandom, a, 10, 8)), R(SC(getrandom, a, 10, 6)), R(SC(getrandom, BAD, 10, 0));
    int r = open("/dev/urandom", O_RDONLY), q = open("/dev/random", O_RDONLY), f = open("f", O_CREAT | O_RDWR, 0644), d = open(".", O_RDONLY), p[2];
    pipe(p);
    R(read(r, a, 300)), R(read(q, b, 100)), say("differ %d", memcmp(a, b, 100) != 0), R(read(r, BAD, 10));
    R(write(open("/dev/urandom", O_WRONLY), a, 10));
    R(SC(sync)), R(SC(fsync, f)), R(SC(fdatasync, f)), R(SC(fsync, d)), R(SC(fsync, p[0])), R(SC(fdatasync, p[0])), R(SC(fsync, 99)), R(SC(fdatasync, -1));
    R(SC(syncfs, f)), R(SC(syncfs, 99)), R(SC(fsync, open("f", O_PATH))), R(SC(fsync, open("/dev/null", O_RDWR)));
    kind("."), kind("/proc"), kind("/dev"), kind("/dev/pts"), kind("none"), kind("f/x"), kind(""), R(SC(statfs, BAD, &si));
    struct statfs s;
    R(SC(fstatfs, p[0], &s)), say("pipe %lx", (long)s.f_type), R(SC(fstatfs, f, &s)), R(SC(fstatfs, 99, &s)), R(SC(fstatfs, f, BAD)), R(SC(statfs, ".", BAD));
    R(SC(fstatfs, open("f", O_PATH), &s));
}
