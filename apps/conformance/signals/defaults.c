// SPDX-License-Identifier: MPL-2.0
// The default action of every signal, told by how a child ends; ignored ones go by.
// Covers: kill wait4
#include "../conf.h"
static void test(void)
{
    for (int s = 1; s < 65; s++) {
        if (s >= 32 && s <= 34)
            continue;
        pid_t c;
        int st;
        struct gate g = gate_make();
        CHILD(c) {
            SC(prctl, 4, 0, 0, 0, 0); // no core files
            SC(kill, getpid(), s);
            gate_open(g);
            _exit(0);
        }
        waitpid(c, &st, WUNTRACED);
        say("%s: %s", sname(s), WIFEXITED(st) ? "ignored" : status_text(st));
        if (WIFSTOPPED(st))
            kill(c, SIGKILL), waitpid(c, &st, 0);
        gate_close(g);
    }
    // The exit status as a shell sees it, and signals that kill when a handler is the default again.
    pid_t c;
    CHILD(c) { signal(SIGTERM, SIG_IGN); raise(SIGTERM); signal(SIGTERM, SIG_DFL); raise(SIGTERM); }
    reap("ignored, then default", c);
    CHILD(c) { abort(); }
    reap("abort", c);
    CHILD(c) { signal(SIGABRT, SIG_IGN); abort(); }
    reap("abort when ignored", c);
}
