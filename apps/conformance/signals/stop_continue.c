// SPDX-License-Identifier: MPL-2.0
// Stopping and continuing: who stops, pending stops are thrown away by SIGCONT and the reverse, SIGKILL of a stopped one.
// Covers: kill wait4 rt_sigaction
#include "../conf.h"
static int p[2];
static void note(int s)
{
    write(p[1], s == SIGCONT ? "C" : s == SIGTSTP ? "Z" : "T", 1);
}
static const char *notes(void)
{
    static char b[64];
    long n = read(p[0], b, 63);
    b[n > 0 ? n : 0] = 0;
    return b;
}
static pid_t worker(int block)
{
    pid_t c = fork();
    if (c == 0) {
        sigset_t s;
        sigemptyset(&s);
        if (block)
            sigaddset(&s, SIGTSTP), sigaddset(&s, SIGCONT);
        sigprocmask(SIG_SETMASK, &s, 0);
        on(SIGCONT, note, SA_RESTART), on(SIGTERM, note, SA_RESTART);
        for (;;)
            SC(pause);
    }
    await_state(c, 0, 'S');
    return c;
}
static void wait_for(pid_t c, int flags)
{
    int st;
    R(waitpid(c, &st, flags) == c);
    say("  %s", status_text(st));
}
static void test(void)
{
    pipe2(p, O_NONBLOCK);
    int sigs[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU}, st;
    for (int i = 0; i < 4; i++) {
        pid_t c = worker(0);
        kill(c, sigs[i]), wait_for(c, WUNTRACED);
        say("  state %c", task_state(c, 0));
        kill(c, SIGCONT), wait_for(c, WCONTINUED);
        await_state(c, 0, 'S'), S(notes());
        kill(c, SIGKILL), wait_for(c, 0);
    }
    // While stopped, handlers do not run; SIGKILL works at once.
    pid_t c = worker(0);
    kill(c, SIGSTOP), wait_for(c, WUNTRACED);
    kill(c, SIGTERM), nap(30), say("stopped: \"%s\"", notes());
    kill(c, SIGSTOP), nap(10);
    R(waitpid(c, &st, WUNTRACED | WNOHANG)); // stopping a stopped one is no event
    kill(c, SIGCONT), wait_for(c, WCONTINUED), await_state(c, 0, 'S');
    say("continued: \"%s\"", notes());
    kill(c, SIGSTOP), wait_for(c, WUNTRACED);
    kill(c, SIGKILL), wait_for(c, 0);
    // A signal that would end it waits until it goes on.
    CHILD(c) { for (;;) SC(pause); }
    await_state(c, 0, 'S'), kill(c, SIGSTOP), wait_for(c, WUNTRACED);
    kill(c, SIGTERM), nap(30), R(waitpid(c, &st, WNOHANG)), say("still there %c", task_state(c, 0));
    kill(c, SIGCONT), wait_for(c, 0);
    // Blocked stop and continue signals: each throws the other away.
    c = worker(1);
    kill(c, SIGTSTP), kill(c, SIGCONT), nap(20);
    char b[4096], *q;
    sprintf(b, "/proc/%d/status", c);
    get_file(b, b, sizeof b);
    q = strstr(b, "ShdPnd:");
    say("pending %.16s", q ? q + 8 : "?");
    kill(c, SIGTSTP), sprintf(b, "/proc/%d/status", c), get_file(b, b, sizeof b), q = strstr(b, "ShdPnd:");
    say("pending %.16s", q ? q + 8 : "?");
    kill(c, SIGKILL), wait_for(c, 0);
    // SIGCONT wakes a stopped one even if it is blocked or ignored.
    c = worker(1);
    kill(c, SIGSTOP), wait_for(c, WUNTRACED), kill(c, SIGCONT), wait_for(c, WCONTINUED);
    await_state(c, 0, 'S'), say("blocked handler: \"%s\"", notes());
    kill(c, SIGKILL), wait_for(c, 0);
    // A caught SIGTSTP does not stop.
    CHILD(c) { on(SIGTSTP, note, SA_RESTART); raise(SIGTSTP); _exit(5); }
    wait_for(c, WUNTRACED), S(notes());
    // An orphaned process group is not stopped by terminal signals, but by SIGSTOP.
    CHILD(c) { setsid(); raise(SIGTSTP); raise(SIGTTIN); raise(SIGTTOU); _exit(6); }
    wait_for(c, WUNTRACED);
    CHILD(c) { setsid(); raise(SIGSTOP); _exit(7); }
    wait_for(c, WUNTRACED), kill(c, SIGCONT), wait_for(c, 0);
    // A group that becomes orphaned while stopped gets SIGHUP and SIGCONT.
    int q2[2];
    pipe(q2);
    CHILD(c) {
        setsid();
        pid_t d;
        CHILD(d) {
            setpgid(0, 0);
            on(SIGCONT, note, SA_RESTART), on(SIGHUP, note, SA_RESTART);
            raise(SIGSTOP);
            write(q2[1], "x", 1);
            nap(100);
        }
        waitpid(d, &st, WUNTRACED), say("  grandchild %s", status_text(st));
    }
    wait_for(c, 0);
    char x;
    R(read(q2[0], &x, 1));
    S(notes());
}
