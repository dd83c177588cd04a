// SPDX-License-Identifier: MPL-2.0
// The first thread exits while others live: the process goes on, wait sees it only at the end; exit status.
// Covers: exit exit_group wait4 tgkill
#include "../conf.h"
#include <pthread.h>
static struct gate g, go;
static void *survivor(void *a)
{
    pid_t pid = getpid();
    await_state(pid, pid, 'Z');
    say("leader is gone: state %c, threads answer %d", task_state(pid, pid), SC(kill, pid, 0) == 0);
    say("its tid: %s", SC(tgkill, pid, pid, 0) ? ename(errno) : "still there");
    say("getpid unchanged %d, /proc/self works %d", getpid() == pid, access("/proc/self/stat", R_OK) == 0);
    int r = open("f", O_CREAT | O_RDWR, 0644);
    OK(r);
    gate_open(g);
    gate_wait(go);
    if (a)
        SC(exit_group, 9);
    SC(exit, 4);
    return 0;
}
static void *by_hand(void *a)
{
    (void)a;
    SC(exit, 77); // of this thread only
    return 0;
}
static void run(const char *what, void *arg)
{
    pid_t c;
    int st = -1;
    g = gate_make(), go = gate_make();
    CHILD(c) {
        pthread_t t;
        pthread_create(&t, 0, survivor, arg);
        SC(exit, 0);
    }
    gate_wait(g);
    R(waitpid(c, &st, WNOHANG)); // a zombie leader alone is not the end
    say("state %c", task_state(c, 0));
    gate_open(go), reap(what, c);
}
static void test(void)
{
    run("exit_group of the last", (void *)1);
    run("exit of the last", 0);
    pid_t c;
    CHILD(c) {
        pthread_t t;
        pthread_create(&t, 0, by_hand, 0);
        nap(20);
        SC(exit, 3);
    }
    reap("each by itself", c);
    // A process whose leader is gone can be killed and stopped.
    g = gate_make();
    CHILD(c) {
        pthread_t t;
        pthread_create(&t, 0, survivor, 0);
        SC(exit, 0);
    }
    int st;
    gate_wait(g);
    kill(c, SIGKILL), waitpid(c, &st, 0), say("%s", status_text(st));
}
