// SPDX-License-Identifier: MPL-2.0
// Helpers of the conformance programs of ptrace(2): what a tracer sees, in words that do not differ between runs.
#pragma once
#include "conf.h"
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#define PT(request, pid, addr, data) SC(ptrace, request, pid, addr, data)
#define GET_CALL 0x420e
#define T_SYSGOOD 1
#define T_FORK 2
#define T_VFORK 4
#define T_CLONE 8
#define T_EXEC 16
#define T_VFORKDONE 32
#define T_EXIT 64
#define T_EXITKILL (1 << 20)
#define USER(reg) offsetof(struct user, regs.reg)

__attribute__((unused)) static const char *event_name(int e)
{
    switch (e) {
    case 0: return "";
    case 1: return " event fork";
    case 2: return " event vfork";
    case 3: return " event clone";
    case 4: return " event exec";
    case 5: return " event vforkdone";
    case 6: return " event exit";
    case 128: return " event stop";
    default: return " event ?";
    }
}
// What wait(2) gives of a tracee.
__attribute__((unused)) static const char *trace_text(int st)
{
    static _Thread_local char b[96];
    if (!WIFSTOPPED(st))
        return status_text(st);
    int sig = WSTOPSIG(st);
    snprintf(b, sizeof b, "stopped by %s%s%s", sname(sig & 0x7f), sig & 0x80 ? "|0x80" : "", event_name(st >> 16));
    return b;
}
// Waits for that tracee and says what it got.
__attribute__((unused)) static int seen(const char *what, pid_t p)
{
    int st = 0;
    pid_t r;
    while ((r = waitpid(p, &st, __WALL)) == -1 && errno == EINTR) {}
    if (r != p)
        say("%s: wait failed %s", what, ename(errno));
    else
        say("%s: %s", what, trace_text(st));
    return st;
}
__attribute__((unused)) static int quiet(pid_t p)
{
    int st = 0;
    while (waitpid(p, &st, __WALL) == -1 && errno == EINTR) {}
    return st;
}
// Lets it go on and waits for it. What the request gave is said after that: the tracee's own lines come first.
__attribute__((unused)) static int go_on(const char *text, const char *what, long request, pid_t p, long data)
{
    long r = PT(request, p, 0, data);
    int e = errno, st = r ? 0 : quiet(p);
    say("%s: %s, %s: %s", text, r ? ename(e) : "0", what, trace_text(st));
    return st;
}
#define GO(what, request, p, data) go_on(#request " " #data, what, request, p, data)
__attribute__((unused)) static long word_at(pid_t p, long request, unsigned long at)
{
    long v = 0;
    if (PT(request, p, at, &v))
        say("peek: %s", ename(errno));
    return v;
}
#define REG(p, reg) word_at(p, 3 /* PEEKUSER */, USER(reg))
// A child that asks to be traced and stops.
#define TRACED(p) for (pid_t once_ = ((p) = fork()); once_ == 0; _exit(0)) for (int o_ = (PT(0, 0, 0, 0), raise(SIGSTOP), 1); o_; o_ = 0)
