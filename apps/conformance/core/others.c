// SPDX-License-Identifier: MPL-2.0
// A dump and others: tracers, vfork, a process that shares the memory, SIGCHLD, waitid, threads that come and go, SIGKILL.
// Covers: wait4 waitid vfork ptrace
#include "../ptrace.h"
#include "core.h"
#include <pthread.h>
static void core_there(const char *what)
{
    struct core c;
    if (core_open(&c, "core")) {
        say("%s: no core", what);
        return;
    }
    long at = 0;
    const char *name;
    char *d;
    int threads = 0;
    for (Elf64_Nhdr *n; (n = core_note(&c, &at, &name, &d));)
        threads += n->n_type == NT_PRSTATUS;
    say("%s: core with %d threads", what, threads), core_close(&c), unlink("core");
}
static void *restless(void *a)
{
    for (;;) {
        pid_t p = fork();
        if (p == 0)
            _exit(0);
        waitpid(p, 0, 0);
    }
    return a;
}
static void *nothing(void *a) { return a; }
static void *breeder(void *a)
{
    pthread_t t;
    for (;;)
        if (!pthread_create(&t, 0, nothing, 0))
            pthread_join(t, 0);
    return a;
}
static void *in_vfork(void *a)
{
    if (vfork() == 0) {
        struct timespec t = {100, 0};
        SC(nanosleep, &t, 0), _exit(0);
    }
    return a;
}
static void test(void)
{
    pid_t p, q;
    pthread_t t;
    siginfo_t i;
    settings_keep(), limit_core(RLIM_INFINITY);
    CHILD(p) abort();
    memset(&i, 0, sizeof i), R(waitid(P_PID, p, &i, WEXITED)), say("%s status %s", cname(SIGCHLD, i.si_code), sname(i.si_status)), core_there("waitid");
    // Threads that do much
    CHILD(p) { pthread_create(&t, 0, restless, 0), pthread_create(&t, 0, breeder, 0), nap(30), abort(); }
    int st = quiet(p);
    say("busy threads: %s", status_text(st)), unlink("core");
    CHILD(p) { pthread_create(&t, 0, in_vfork, 0), nap(30), abort(); }
    reap("a thread in vfork", p), core_there("a thread in vfork");
    // Children of vfork
    if ((p = vfork()) == 0)
        kill(SC(getpid), SIGSEGV), SC(pause);
    reap("child of vfork", p), core_there("child of vfork");
    // Traced
    TRACED(p) raise(SIGQUIT);
    quiet(p), PT(PTRACE_SETOPTIONS, p, 0, T_EXIT), PT(PTRACE_CONT, p, 0, 0), seen("traced: signal", p), R(access("core", F_OK)), PT(PTRACE_CONT, p, 0, SIGQUIT), seen("traced: event", p);
    unsigned long m = 0;
    R(PT(PTRACE_GETEVENTMSG, p, 0, &m)), X(m), core_there("traced: at its end"), PT(PTRACE_CONT, p, 0, 0), seen("traced: end", p);
    TRACED(p) raise(SIGQUIT);
    quiet(p), PT(PTRACE_CONT, p, 0, 0), seen("refused: signal", p), PT(PTRACE_CONT, p, 0, 0), seen("refused: end", p), core_there("refused");
    // A child goes on
    CHILD(p) {
        if ((q = fork()) == 0)
            pause();
        abort();
    }
    reap("with a child", p), core_there("with a child");
    CHILD(p) { on(SIGQUIT, SIG_IGN, 0), raise(SIGQUIT), say("ignored"), on(SIGQUIT, SIG_DFL, 0), raise(SIGSTOP), raise(SIGQUIT); }
    waitpid(p, &st, WUNTRACED), say("%s", status_text(st)), kill(p, SIGQUIT), nap(20), say("state %c", task_state(p, 0)), kill(p, SIGCONT), reap("stopped", p), core_there("stopped");
    // SIGKILL while it dumps, or before, or after: it ends at once, and its status says one of the two.
    for (int k = 0; k < 6; k++) {
        CHILD(p) {
            char *big = mmap(0, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            memset(big, 1, 24 << 20), abort();
        }
        nap(3 * k), kill(p, SIGKILL), st = quiet(p);
        say("killed: %d", WIFSIGNALED(st) && (WTERMSIG(st) == SIGKILL || WTERMSIG(st) == SIGABRT)), unlink("core");
    }
    settings_restore();
}
