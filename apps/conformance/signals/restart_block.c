// SPDX-License-Identifier: MPL-2.0
// Calls with a timeout that a stop interrupted go on by restart_syscall: what they find changed meanwhile, and handlers that
// come then.
// Covers: restart_syscall
#include "../conf.h"
struct shared { int word, other; };
static struct shared *sh;
static pid_t c;
static void handler(int s) { say("handler of %s", sname(s)); }
static void stop(void)
{
    int st;
    await_state(c, 0, 'S'), kill(c, SIGSTOP), waitpid(c, &st, WUNTRACED);
}
static void go_on(void) { kill(c, SIGCONT), await_state(c, 0, 'S'); }
static void test(void)
{
    struct timespec t = {20, 0}, brief = {0, 200000000}, rem = {7, 7};
    int m = SC(memfd_create, "m", 0);
    ftruncate(m, PAGE);
    sh = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct pollfd *f = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, m, 0);
    // The word of a futex changed: nothing to wait for.
    CHILD(c) { R(SC(futex, &sh->word, 0, 0, &t, 0, 0)); }
    stop(), sh->word = 1, kill(c, SIGCONT), reap("futex changed", c);
    // Not changed: it times out, or is woken.
    CHILD(c) { R(SC(futex, &sh->word, 0, 1, &brief, 0, 0)); }
    stop(), kill(c, SIGCONT), reap("futex timed out", c);
    CHILD(c) { R(SC(futex, &sh->word, 0, 1, &t, 0, 0)); }
    stop(), go_on();
    long woken = SC(futex, &sh->word, 1, 1);
    reap("futex woken", c), V(woken);
    // The descriptors of poll are read again: they are in a file that was cut off.
    f->fd = -1, f->events = POLLIN;
    CHILD(c) { R(SC(poll, f, 1, 20000)); }
    stop(), ftruncate(m, 0), kill(c, SIGCONT), reap("poll", c);
    // A handler interrupts for good, also with SA_RESTART; what is left counts from the first start.
    for (int flags = 0; flags <= SA_RESTART; flags += SA_RESTART) {
        CHILD(c) { on(SIGUSR1, handler, flags); R(SC(nanosleep, &t, &rem)), say("left %d", rem.tv_sec >= 5 && rem.tv_sec < 20); }
        stop(), go_on(), kill(c, SIGUSR1), reap("nanosleep", c);
        CHILD(c) { on(SIGUSR1, handler, flags); R(SC(futex, &sh->word, 0, 1, &t, 0, 0)); }
        stop(), go_on(), kill(c, SIGUSR1), reap("futex", c);
        CHILD(c) { on(SIGUSR1, handler, flags); R(SC(poll, 0, 0, 20000)); }
        stop(), go_on(), kill(c, SIGUSR1), reap("poll", c);
    }
    // A handler for SIGCONT: the call does not even begin again.
    CHILD(c) { on(SIGCONT, handler, SA_RESTART); R(SC(nanosleep, &t, &rem)), R(SC(restart_syscall)); }
    stop(), kill(c, SIGCONT), reap("handler for SIGCONT", c);
    // Twice
    brief.tv_sec = 1;
    CHILD(c) { long long a = now_ns(); R(SC(nanosleep, &brief, 0)), say("long enough %d", now_ns() - a >= 1200000000); }
    stop(), go_on(), stop(), kill(c, SIGCONT), reap("twice", c);
}
