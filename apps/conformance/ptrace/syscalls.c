// SPDX-License-Identifier: MPL-2.0
// System call stops: PTRACE_SYSCALL with and without TRACESYSGOOD, PTRACE_GET_SYSCALL_INFO, changed numbers, arguments and results,
// calls that are left out, PTRACE_SYSEMU.
// Covers: ptrace
#include "../ptrace.h"
struct info { uint8_t op, pad[3]; uint32_t arch; uint64_t ip, sp; uint64_t w[7]; };
static struct info last;
static void info(const char *what, pid_t p)
{
    memset(&last, 0x55, sizeof last);
    long n = PT(GET_CALL, p, sizeof last, &last);
    say("%s: %ld op %d arch %x ip right %d sp right %d", what, n, last.op, last.arch, last.ip == (uint64_t)REG(p, rip), last.sp == (uint64_t)REG(p, rsp));
    if (last.op == 1)
        say("  call %ld (%ld)", (long)last.w[0], last.w[0] == SYS_getppid ? 0 : (long)last.w[1]);
    if (last.op == 2)
        say("  result %ld error %d", (long)last.w[0], (int)(last.w[1] & 0xff));
}
static void step(const char *what, pid_t p, int request)
{
    PT(request, p, 0, 0);
    seen(what, p);
}
static void test(void)
{
    pid_t p;
    long v;
    TRACED(p) {
        R(SC(close, 77));
        R(SC(close, 78));
        R(SC(close, 79));
        R(SC(close, 80));
        R(SC(close, 81));
        R(SC(getppid) == -1 ? errno : 0);
        R(syscall(9999, 1, 2, 3));
        _exit(5);
    }
    seen("stop", p);
    info("signal stop", p);
    R(PT(GET_CALL, p, 0, BAD));
    R(PT(GET_CALL, p, 8, BAD));
    // Without TRACESYSGOOD.
    step("end of raise's tgkill?", p, PTRACE_SYSCALL);
    for (int i = 0; i < 6 && REG(p, orig_rax) != SYS_close; i++)
        PT(PTRACE_SYSCALL, p, 0, 0), quiet(p);
    say("orig_rax %ld rax %ld rdi %ld", REG(p, orig_rax), REG(p, rax), REG(p, rdi));
    info("old style", p);
    siginfo_t si;
    R(PT(PTRACE_GETSIGINFO, p, 0, &si)), say("%s code %d pid %d", sname(si.si_signo), si.si_code, si.si_pid == p);
    R(PT(PTRACE_SETOPTIONS, p, 0, T_SYSGOOD));
    R(PT(PTRACE_SETOPTIONS, p, 0, 1 << 29));
    step("exit", p, PTRACE_SYSCALL);
    info("exit", p);
    R(PT(PTRACE_GETSIGINFO, p, 0, &si)), say("%s code %d pid %d", sname(si.si_signo), si.si_code, si.si_pid == p);
    R(PT(PTRACE_GETEVENTMSG, p, 0, &v)), V(v);
    // Its line is a write; then close(78).
    step("write", p, PTRACE_SYSCALL);
    info("write", p);
    step("written", p, PTRACE_SYSCALL);
    info("written", p);
    // Another number: close becomes getpid.
    step("entry", p, PTRACE_SYSCALL);
    info("entry", p);
    R(PT(PTRACE_POKEUSER, p, USER(orig_rax), SYS_getuid));
    step("exit", p, PTRACE_SYSCALL);
    info("exit", p);
    PT(PTRACE_SYSCALL, p, 0, 0), quiet(p), PT(PTRACE_SYSCALL, p, 0, 0), quiet(p);
    // Left out: close(79) does not happen and gives what the tracer says, or ENOSYS.
    step("entry", p, PTRACE_SYSCALL);
    R(PT(PTRACE_POKEUSER, p, USER(orig_rax), -1));
    R(PT(PTRACE_POKEUSER, p, USER(rax), -99));
    step("exit", p, PTRACE_SYSCALL);
    info("exit", p);
    PT(PTRACE_SYSCALL, p, 0, 0), quiet(p), PT(PTRACE_SYSCALL, p, 0, 0), quiet(p);
    step("entry", p, PTRACE_SYSCALL);
    R(PT(PTRACE_POKEUSER, p, USER(orig_rax), -1));
    step("exit", p, PTRACE_SYSCALL);
    info("exit", p);
    PT(PTRACE_SYSCALL, p, 0, 0), quiet(p), PT(PTRACE_SYSCALL, p, 0, 0), quiet(p);
    // Another result, another argument.
    step("entry", p, PTRACE_SYSCALL);
    R(PT(PTRACE_POKEUSER, p, USER(rdi), 1234));
    step("exit", p, PTRACE_SYSCALL);
    R(PT(PTRACE_POKEUSER, p, USER(rax), 4321));
    PT(PTRACE_SYSCALL, p, 0, 0), quiet(p), PT(PTRACE_SYSCALL, p, 0, 0), quiet(p);
    // PTRACE_SYSEMU: getppid is not run.
    step("emulated", p, PTRACE_SYSEMU);
    info("emulated", p);
    R(PT(PTRACE_POKEUSER, p, USER(rax), -7));
    step("its write, emulated", p, PTRACE_SYSEMU);
    info("its write, emulated", p);
    // Nothing was written; an unknown call.
    step("unknown", p, PTRACE_SYSCALL);
    info("unknown", p);
    step("unknown", p, PTRACE_SYSCALL);
    info("unknown", p);
    step("write", p, PTRACE_SYSCALL);
    step("written", p, PTRACE_SYSCALL);
    // A signal on the way.
    step("exit_group", p, PTRACE_SYSCALL);
    info("exit_group", p);
    step("gone", p, PTRACE_SYSCALL);
}
