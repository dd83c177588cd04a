// SPDX-License-Identifier: MPL-2.0
// Registers: PEEKUSER, POKEUSER, GETREGS, SETREGS, GETFPREGS, SETFPREGS, GETREGSET, SETREGSET and their bounds.
// Covers: ptrace
#include "../ptrace.h"
#define NT_PRSTATUS 1
#define NT_PRFPREG 2
#define NT_XSTATE 0x202
static long result[8];
static unsigned char vector[16] __attribute__((aligned(16)));
static void test(void)
{
    pid_t p;
    struct user_regs_struct r;
    struct user_fpregs_struct f;
    TRACED(p) {
        static unsigned char mine[16] __attribute__((aligned(16))) = "0123456789abcde";
        __asm__ volatile(
            "movdqa %2, %%xmm5\n mov $0x1111, %%r12\n mov $0x2222, %%r13\n mov $0x3333, %%rbx\n"
            "mov $39, %%eax\n int3\n mov %%r12, 0+%0\n mov %%r13, 8+%0\n mov %%rbx, 16+%0\n mov %%rax, 24+%0\n pushf\n pop 32+%0\n movdqa %%xmm5, %1\n"
            : "+m"(result), "=m"(vector) : "m"(mine) : "rax", "rbx", "r12", "r13", "xmm5", "memory");
        say("child: %lx %lx %lx %lx carry %ld", result[0], result[1], result[2], result[3], result[4] & 1);
        B(vector, 16);
    }
    seen("stop", p);
    PT(PTRACE_CONT, p, 0, 0);
    seen("int3", p);
    R(PT(PTRACE_GETREGS, p, 0, &r));
    say("%lx %lx %lx %ld orig %ld cs %lx ss %lx ds %lx es %lx fs %lx gs %lx", r.r12, r.r13, r.rbx, r.rax, r.orig_rax, r.cs, r.ss, r.ds, r.es, r.fs, r.gs);
    say("after int3: %lx", word_at(p, PTRACE_PEEKTEXT, r.rip - 1) & 0xff);
    say("flags %lx bases %d %lx", r.eflags & 0x202, r.fs_base != 0, r.gs_base);
    X(REG(p, r12));
    // Bounds of PEEKUSER and POKEUSER.
    long v = 0;
    static const long offsets[] = {1, 4, 216, 224, 840, 848, 856, 880, 888, 896, 904, 912, 920, 928, 936, -8};
    for (unsigned i = 0; i < ARRAY(offsets); i++) {
        char b[32];
        sprintf(b, "peek %ld", offsets[i]), v = 77, RT(b, PT(PTRACE_PEEKUSER, p, offsets[i], &v)), V(v);
    }
    R(PT(PTRACE_PEEKUSER, p, USER(rip), BAD));
    R(PT(PTRACE_POKEUSER, p, 3, 1));
    R(PT(PTRACE_POKEUSER, p, 224, 1));
    R(PT(PTRACE_POKEUSER, p, 912, 1));
    R(PT(PTRACE_POKEUSER, p, 928, 1));
    R(PT(PTRACE_POKEUSER, p, USER(cs), 0));
    R(PT(PTRACE_POKEUSER, p, USER(ss), 0));
    R(PT(PTRACE_POKEUSER, p, USER(ds), 1));
    R(PT(PTRACE_POKEUSER, p, USER(fs_base), 1ul << 63));
    R(PT(PTRACE_POKEUSER, p, USER(gs_base), 1ul << 62));
    R(PT(PTRACE_POKEUSER, p, USER(r13), 0x4444));
    // Flags: those of the system stay.
    unsigned long flags = REG(p, eflags);
    R(PT(PTRACE_POKEUSER, p, USER(eflags), ~0x100ul));
    X(REG(p, eflags) & ~flags & ~0x50cd5ul), X(REG(p, eflags) & 0x3202);
    PT(PTRACE_POKEUSER, p, USER(eflags), flags);
    R(PT(PTRACE_GETREGS, p, 0, &r));
    r.r12 = 0x5555, r.rax = 0x6666, r.eflags |= 1;
    R(PT(PTRACE_SETREGS, p, 0, &r));
    R(PT(PTRACE_GETREGS, p, 0, BAD)), R(PT(PTRACE_SETREGS, p, 0, BAD));
    // By sets.
    struct iovec io = {&r, sizeof r};
    R(PT(PTRACE_GETREGSET, p, NT_PRSTATUS, &io)), V(io.iov_len), say("%lx", r.r12);
    io.iov_len = 1000;
    char big[4096];
    io.iov_base = big, R(PT(PTRACE_GETREGSET, p, NT_PRSTATUS, &io)), V(io.iov_len);
    io.iov_len = 16, R(PT(PTRACE_GETREGSET, p, NT_PRSTATUS, &io)), V(io.iov_len);
    io.iov_len = 12, R(PT(PTRACE_GETREGSET, p, NT_PRSTATUS, &io)), V(io.iov_len);
    io.iov_len = 64, R(PT(PTRACE_GETREGSET, p, 4711, &io));
    R(PT(PTRACE_GETREGSET, p, NT_PRSTATUS, BAD));
    io.iov_base = BAD, R(PT(PTRACE_GETREGSET, p, NT_PRSTATUS, &io));
    // Floating point.
    R(PT(PTRACE_GETFPREGS, p, 0, &f));
    show_bytes("xmm5", (char *)f.xmm_space + 80, 16);
    X(f.cwd), X(f.mxcsr);
    memcpy((char *)f.xmm_space + 80, "FEDCBA987654321", 16);
    R(PT(PTRACE_SETFPREGS, p, 0, &f));
    f.mxcsr = ~0u, R(PT(PTRACE_SETFPREGS, p, 0, &f));
    R(PT(PTRACE_SETFPREGS, p, 0, BAD)), R(PT(PTRACE_GETFPREGS, p, 0, BAD));
    io = (struct iovec){&f, sizeof f};
    R(PT(PTRACE_GETREGSET, p, NT_PRFPREG, &io)), V(io.iov_len);
    show_bytes("xmm5", (char *)f.xmm_space + 80, 16);
    io = (struct iovec){big, sizeof big};
    long x = PT(PTRACE_GETREGSET, p, NT_XSTATE, &io);
    if (x == 0 && io.iov_len > 512) {
        show_bytes("xmm5", big + 160 + 80, 16);
        say("header %d", (big[512] & 3) == 3);
        big[160 + 80] = 'f';
        OK(PT(PTRACE_SETREGSET, p, NT_XSTATE, &io));
        io.iov_len = 64, R(PT(PTRACE_SETREGSET, p, NT_XSTATE, &io));
        big[512 + 20] = 1, io.iov_len = 4096, R(PT(PTRACE_SETREGSET, p, NT_XSTATE, &io));
    }
    GO("end", PTRACE_CONT, p, 0);
}
