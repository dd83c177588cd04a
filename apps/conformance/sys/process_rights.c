// SPDX-License-Identifier: MPL-2.0
// What a process may do to others: as root and as a user, to processes of root, of the same user, of both, and in other sessions;
// what open files of /proc/PID show when the process runs another program.
// Covers: kill tgkill setpriority getpriority sched_setaffinity sched_setscheduler prlimit64 get_robust_list open read readlink
#include "../conf.h"
#include <sys/resource.h>
#undef prlimit64

#define USER 65534
static struct { const char *who; pid_t p; } target[6];

static long try_open(pid_t p, const char *file, int flags)
{
    char path[64], c;
    sprintf(path, "/proc/%d/%s", p, file);
    int fd = open(path, flags);
    if (fd < 0)
        return -1;
    long r = strcmp(file, "mem") && strcmp(file, "fd") ? read(fd, &c, 1) : 0;
    int e = errno;
    close(fd);
    errno = e;
    return r;
}
static long try_link(pid_t p, const char *file)
{
    char path[64], b[200];
    sprintf(path, "/proc/%d/%s", p, file);
    return readlink(path, b, sizeof b) < 0 ? -1 : 0;
}
static void all(const char *me)
{
    for (int i = 0; i < 6; i++) {
        pid_t p = target[i].p;
        char t[100];
#define T(name, expr) sprintf(t, "%s to %s: %s", me, target[i].who, name), RT(t, expr)
        T("kill 0", kill(p, 0));
        T("kill SIGUSR1", kill(p, SIGUSR1));
        T("kill SIGCONT", kill(p, SIGCONT));
        T("kill 99", kill(p, 99));
        T("tgkill 0", SC(tgkill, p, p, 0));
        T("tgkill SIGCONT", SC(tgkill, p, p, SIGCONT));
        siginfo_t q = {.si_code = SI_QUEUE};
        T("sigqueue 0", SC(rt_sigqueueinfo, p, 0, &q));
        if (i != 4) { // scheduling and limits of a process that has ended are of no use to anybody
            T("getpriority", SC(getpriority, PRIO_PROCESS, p) > 0);
            T("setpriority 3", setpriority(PRIO_PROCESS, p, 3));
            T("setpriority 2", setpriority(PRIO_PROCESS, p, 2)); // higher again
            unsigned long one = 1;
            T("setaffinity", SC(sched_setaffinity, p, sizeof one, &one) < 0 ? -1 : 0);
            T("getaffinity", SC(sched_getaffinity, p, sizeof one, &one) < 0 ? -1 : 0);
            struct sched_param sp = {0};
            T("setscheduler batch", SC(sched_setscheduler, p, SCHED_BATCH, &sp));
            T("getscheduler", SC(sched_getscheduler, p) < 0 ? -1 : 0);
            struct rlimit l = {50, 60};
            T("prlimit get", SC(prlimit64, p, RLIMIT_NOFILE, 0, &l));
            l.rlim_cur--;
            T("prlimit set", SC(prlimit64, p, RLIMIT_NOFILE, &l, 0));
            void *head;
            size_t size;
            T("get_robust_list", SC(get_robust_list, p, &head, &size));
        }
        T("mem", try_open(p, "mem", O_RDONLY));
        T("mem for writing", try_open(p, "mem", O_RDWR));
        T("environ", try_open(p, "environ", O_RDONLY));
        T("auxv", try_open(p, "auxv", O_RDONLY));
        T("maps", try_open(p, "maps", O_RDONLY));
        T("smaps", try_open(p, "smaps", O_RDONLY));
        T("personality", try_open(p, "personality", O_RDONLY));
        T("status", try_open(p, "status", O_RDONLY));
        T("fd", try_open(p, "fd", O_RDONLY | O_DIRECTORY));
        T("fd/1", try_link(p, "fd/1"));
        T("fdinfo/1", try_open(p, "fdinfo/1", O_RDONLY));
        T("exe", try_link(p, "exe"));
        T("cwd", try_link(p, "cwd"));
        T("opening root", try_open(p, "root/..", O_RDONLY) < 0 && errno != EISDIR ? -1 : 0);
    }
}
static void user(void)
{
    pid_t own;
    CHILD(own) for (;;) pause();
    target[2].p = own; // of the same user, now
    target[5].p = getpid();
    signal(SIGUSR1, SIG_IGN);
    all("user");
    R(kill(-1, 0)), R(kill(1, 0)), R(kill(0, 0)); // the group has processes of root, too
    kill(own, SIGKILL), waitpid(own, 0, 0);
    // A zombie's user is known still.
    R(kill(target[4].p, 0)), R(kill(target[4].p, SIGCONT));
}
static pid_t make(const char *who, int n, uid_t real, uid_t effective, uid_t saved, int own_session)
{
    pid_t p;
    struct gate g = gate_make();
    signal(SIGUSR1, SIG_IGN);
    CHILD(p) {
        if (own_session)
            setsid();
        if (real && setgid(USER))
            say("setgid: %s", ename(errno));
        if (setresuid(real, effective, saved))
            say("setresuid: %s", ename(errno));
        gate_open(g);
        for (;;)
            pause();
    }
    gate_wait(g), gate_close(g);
    target[n].who = who, target[n].p = p;
    return p;
}
static void show(const char *when, const char *file, int fd)
{
    char t[64], b[64];
    sprintf(t, "%s %s", when, file);
    long r = pread(fd, b, sizeof b, 0);
    show_result(t, r > 0 ? 1 : r);
}
int conf_reexec(int argc, char **argv)
{
    (void)argc, (void)argv;
    char c;
    write(4, "r", 1), read(3, &c, 1);
    return 0;
}
// Files that were opened on a process show nothing of the program it runs later.
static void kept(void)
{
    static const char *const name[] = {"mem", "environ", "maps", "smaps", "auxv", "status", "cmdline"};
    int fd[ARRAY(name)], in[2], out[2];
    char path[64], c;
    pid_t p;
    pipe(in), pipe(out);
    CHILD(p) {
        dup2(in[0], 20), dup2(out[1], 21), dup2(20, 3), dup2(21, 4);
        char *args[] = {"again", "x", 0}, *env[] = {"SECRET=1", 0};
        write(4, "r", 1), read(3, &c, 1);
        execve(conf_self, args, env);
    }
    read(out[0], &c, 1);
    for (size_t i = 0; i < ARRAY(name); i++)
        sprintf(path, "/proc/%d/%s", p, name[i]), fd[i] = open(path, O_RDONLY);
    for (size_t i = 1; i < ARRAY(name); i++)
        show("before exec", name[i], fd[i]);
    write(in[1], "x", 1), read(out[0], &c, 1);
    for (size_t i = 0; i < ARRAY(name); i++)
        show("after exec", name[i], fd[i]);
    write(in[1], "x", 1), await_state(p, 0, 'Z');
    for (size_t i = 0; i < ARRAY(name); i++)
        show("of a zombie", name[i], fd[i]);
    waitpid(p, 0, 0);
    for (size_t i = 0; i < ARRAY(name); i++)
        show("of one that is gone", name[i], fd[i]);
}
static void test(void)
{
    pid_t zombie, self = getpid();
    make("root's", 0, 0, 0, 0, 0);
    make("root's elsewhere", 1, 0, 0, 0, 1);
    make("the user's", 2, USER, USER, USER, 0);
    make("one with the real user", 3, USER, 0, 0, 1);
    CHILD(zombie) {}
    await_state(zombie, 0, 'Z');
    target[4].who = "a zombie of root", target[4].p = zombie, target[5].who = "itself", target[5].p = self;
    as_user(USER, user);
    all("root");
    kept();
    waitpid(zombie, 0, 0);
    R(kill(zombie, 0));
    for (int i = 0; i < 4; i++)
        kill(target[i].p, SIGKILL), waitpid(target[i].p, 0, 0);
}
