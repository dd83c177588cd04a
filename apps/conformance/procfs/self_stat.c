// SPDX-License-Identifier: MPL-2.0
// /proc/self/stat, statm and status: fields that can be known agree with the system calls.
// Covers: getpid getppid rt_sigprocmask
#include "../conf.h"
#include <pthread.h>
#include <sys/prctl.h>
static char text[8192];
static const char *field(int n)
{
    static char ring[8][64];
    static int next;
    char *b = ring[next++ % 8], *p = strrchr(text, ')') + 2;
    for (int i = 3; i < n && p; i++)
        p = strchr(p, ' ') ? strchr(p, ' ') + 1 : 0;
    b[0] = 0;
    if (p)
        sscanf(p, "%63s", b);
    return b;
}
static const char *status(const char *key)
{
    static char b[200], all[8192];
    get_file("/proc/self/status", all, sizeof all);
    size_t n = strlen(key);
    for (char *l = all; l; l = strchr(l, '\n') ? strchr(l, '\n') + 1 : 0)
        if (!strncmp(l, key, n) && l[n] == ':') {
            l += n + 1;
            while (*l == ' ' || *l == '\t')
                l++;
            snprintf(b, sizeof b, "%.*s", (int)strcspn(l, "\n"), l);
            return b;
        }
    return "missing";
}
static void nothing(int s) { (void)s; }
static void *thread(void *a) { gate_wait(*(struct gate *)a); return 0; }
static void test(void)
{
    prctl(PR_SET_NAME, "a (strange) name");
    get_file("/proc/self/stat", text, sizeof text);
    say("pid %d name %.18s state %s", atoi(text) == getpid(), strchr(text, '('), field(3));
    say("ppid %d pgrp %d session %d", atoi(field(4)) == getppid(), atoi(field(5)) == getpgrp(), atoi(field(6)) == getsid(0));
    say("no terminal %s, tpgid %s, threads %s", field(7), field(8), field(20));
    say("priority %s nice %s itrealvalue %s exit signal %s", field(18), field(19), field(21), field(38));
    say("start > 0 %d vsize > 0 %d", atoll(field(22)) > 0, atoll(field(23)) > 0);
    say("last field %s, then \"%s\"", field(52), field(53));
    say("ends with a newline %d", text[strlen(text) - 1] == '\n');
    long size = 0, rss = 0, shared = 0, code = 0, lib = -1, data = 0, dt = -1;
    get_file("/proc/self/statm", text, sizeof text);
    V(sscanf(text, "%ld %ld %ld %ld %ld %ld %ld", &size, &rss, &shared, &code, &lib, &data, &dt));
    say("size >= rss %d, code > 0 %d, data > 0 %d, lib %ld dt %ld", size >= rss, code > 0, data > 0, lib, dt);
    char *m = mmap(0, 400 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long size2 = 0, rss2 = 0;
    memset(m, 1, 400 * PAGE);
    get_file("/proc/self/statm", text, sizeof text), sscanf(text, "%ld %ld", &size2, &rss2);
    say("400 pages more: size %ld, rss at least 300 %d", size2 - size, rss2 - rss >= 300);
    // status
    S(status("Name")), S(status("Umask")), S(status("State")), S(status("TracerPid")), S(status("Uid")), S(status("Gid")), S(status("Groups"));
    say("Tgid %d Pid %d PPid %d", atoi(status("Tgid")) == getpid(), atoi(status("Pid")) == getpid(), atoi(status("PPid")) == getppid());
    say("FDSize %d VmSize %d VmRSS %d VmPeak %d", atoi(status("FDSize")) >= 64, atoi(status("VmSize")) > 0, atoi(status("VmRSS")) > 0, atoi(status("VmPeak")) > 0);
    S(status("Threads")), S(status("SigPnd")), S(status("ShdPnd")), S(status("SigBlk")), S(status("SigIgn")), S(status("SigCgt"));
    sigset_t s;
    sigemptyset(&s), sigaddset(&s, SIGUSR1), sigaddset(&s, SIGUSR2), sigprocmask(SIG_BLOCK, &s, 0);
    signal(SIGHUP, SIG_IGN), on(SIGTERM, nothing, 0), kill(getpid(), SIGUSR1), SC(tkill, getpid(), SIGUSR2);
    S(status("SigPnd")), S(status("ShdPnd")), S(status("SigBlk")), S(status("SigIgn")), S(status("SigCgt"));
    struct gate g = gate_make();
    pthread_t t;
    pthread_create(&t, 0, thread, &g);
    S(status("Threads")), gate_open(g), pthread_join(t, 0);
    umask(077), S(status("Umask"));
    gid_t groups[] = {3, 4};
    SC(setgroups, 2, groups), SC(setresgid, 5, 6, 7), SC(setresuid, 8, 0, 9);
    S(status("Uid")), S(status("Gid")), S(status("Groups"));
}
