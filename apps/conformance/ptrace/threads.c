// SPDX-License-Identifier: MPL-2.0
// Threads of a traced process: their ends are seen one by one, the leader's last; execve by a thread that is not the leader.
// Covers: ptrace execve exit
#include "../ptrace.h"
#include <pthread.h>
static void *leave(void *a) { return a; }
static void *run(void *a)
{
    char *args[] = {"sh", "-c", "exit 6", 0};
    execv("/bin/sh", args);
    return a;
}
static long message(pid_t p)
{
    long v = -1;
    PT(PTRACE_GETEVENTMSG, p, 0, &v);
    return v;
}
static void test(void)
{
    pid_t p, t;
    pthread_t h;
    struct gate seen_it = gate_make();
    for (int exec = 0; exec < 2; exec++) {
        TRACED(p) {
            pthread_create(&h, 0, exec ? run : leave, 0);
            pthread_join(h, 0);
            gate_wait(seen_it);
            _exit(9);
        }
        seen("stop", p);
        R(PT(PTRACE_SETOPTIONS, p, 0, T_CLONE | T_EXEC));
        PT(PTRACE_CONT, p, 0, 0), seen("clone", p);
        t = message(p);
        seen("thread", t);
        PT(PTRACE_CONT, p, 0, 0);
        PT(PTRACE_CONT, t, 0, 0);
        if (exec) {
            seen("exec", p);
            say("it was the thread %d", message(p) == t);
            R(PT(PTRACE_CONT, t, 0, 0));
            PT(PTRACE_CONT, p, 0, 0);
        } else {
            seen("thread", t);
            R(PT(PTRACE_CONT, t, 0, 0));
            gate_open(seen_it);
        }
        seen("end", p);
        R(waitpid(t, 0, __WALL));
    }
    gate_close(seen_it);
}
