// SPDX-License-Identifier: MPL-2.0
// The user border. enter_user(regs_top, how) loads a user's registers and returns when the user has trapped: 256 for a syscall,
// else the vector. On the way in it leaves the callee-saved registers on the kernel stack and the stack pointer in the EntryArea,
// where the ways back find it; traps come in on the EntryArea's own small stack. Interrupts are off on both sides.
// What only some processors need is done in detours (below): above all to load another CR3 if user mode is isolated.
#include <cpu/offsets.h>
#include <trap/sites.h>

    .section .text.trap, "ax"
    .globl enter_user, syscall_entry, trap_from_user
    .balign 32
// rdi: end of the general registers (&fs_base); esi: 0 sysret, 1 iretq
enter_user:
    pushq %rbp
    movq %rsp, %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    DETOUR DETOUR_DIVIDE, divide
    movq %rsp, %gs:CPU_TASK_STACK
divided:
    DETOUR DETOUR_EXIT, exit_msr
    movq %rdi, %gs:CPU_REGS_TOP
exit_written:
    movq REG_R15(%rdi), %r15
    movq REG_R14(%rdi), %r14
    movq REG_R13(%rdi), %r13
    movq REG_R12(%rdi), %r12
    movq REG_RBP(%rdi), %rbp
    movq REG_RBX(%rdi), %rbx
    movq REG_R10(%rdi), %r10
    movq REG_R9(%rdi), %r9
    movq REG_R8(%rdi), %r8
    movq REG_RAX(%rdi), %rax
    movq REG_RDX(%rdi), %rdx
    CLEAR_BUFFERS              // of what OS code has read and written; from here on only user values are loaded
    testl %esi, %esi
    jnz 1f
    // sysret takes rip from rcx and flags from r11; the caller has checked that they are what these registers hold anyway.
    movq REG_RCX(%rdi), %rcx
    movq REG_R11(%rdi), %r11
    movq REG_RSI(%rdi), %rsi
    movq REG_RSP(%rdi), %rsp
    movq REG_RDI(%rdi), %rdi
    DETOUR DETOUR_TABLE, isolated_sysret
    swapgs
    sysretq
1:  DETOUR DETOUR_TABLE, isolated_frame
    movq REG_RCX(%rdi), %rcx
    movq REG_R11(%rdi), %r11
iret_frame:
    movq REG_RSI(%rdi), %rsi
    pushq $SEL_USER_DATA
    pushq REG_RSP(%rdi)
    pushq REG_RFLAGS(%rdi)
    pushq $SEL_USER_CODE
    pushq REG_RIP(%rdi)
    movq REG_RDI(%rdi), %rdi
    DETOUR DETOUR_TABLE, isolated_iret
    swapgs
    iretq

    .balign 32
syscall_entry:
    swapgs
    movq %rsp, %gs:CPU_SCRATCH
    DETOUR DETOUR_TABLE, isolated_syscall
    movq %gs:CPU_REGS_TOP, %rsp
syscall_entered:
    pushq %r11                 // rflags
    pushq %gs:CPU_SCRATCH      // rsp
    pushq %rcx                 // rip
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %rcx
    pushq %rax
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    DETOUR DETOUR_HISTORY, clear_history
    movl $EVENT_SYSCALL, %eax
leave_user:
    DETOUR DETOUR_ENTRY, entry_msr
    movq %gs:CPU_TASK_STACK, %rsp
entry_written:
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret

// From trap_entry, on the EntryArea's stack: vector, error, rip, cs, rflags, rsp, ss.
    .balign 32
trap_from_user:
    swapgs
    SWAPGS_FENCE               // no speculation with the user's GS base
    DETOUR DETOUR_TABLE, isolated_trap
    movq %rdi, %gs:CPU_SCRATCH
trap_entered:
    movq %gs:CPU_REGS_TOP, %rdi
    movq %r15, REG_R15(%rdi)
    movq %r14, REG_R14(%rdi)
    movq %r13, REG_R13(%rdi)
    movq %r12, REG_R12(%rdi)
    movq %rbp, REG_RBP(%rdi)
    movq %rbx, REG_RBX(%rdi)
    movq %r11, REG_R11(%rdi)
    movq %r10, REG_R10(%rdi)
    movq %r9, REG_R9(%rdi)
    movq %r8, REG_R8(%rdi)
    movq %rax, REG_RAX(%rdi)
    movq %rcx, REG_RCX(%rdi)
    movq %rdx, REG_RDX(%rdi)
    movq %rsi, REG_RSI(%rdi)
    movq %gs:CPU_SCRATCH, %rax
    movq %rax, REG_RDI(%rdi)
    movq 16(%rsp), %rax
    movq %rax, REG_RIP(%rdi)
    movq 32(%rsp), %rax
    movq %rax, REG_RFLAGS(%rdi)
    movq 40(%rsp), %rax
    movq %rax, REG_RSP(%rdi)
    movq 8(%rsp), %rax
    movq %rax, %gs:CPU_TRAP_ERROR
    movq (%rsp), %rax
    pushq $2                   // clean flags: DF and AC were the user's; interrupts stay off
    popfq
    jmp leave_user

// Between the load of CR3 and user mode only what show_to_users() has mapped is touched.
.macro LOAD_USER_CR3
    movq %rdi, %gs:CPU_SCRATCH
    movq %gs:CPU_USER_CR3, %rdi
    movq %rdi, %cr3
    movq %gs:CPU_SCRATCH, %rdi
.endm
isolated_sysret:
    LOAD_USER_CR3
    swapgs
    sysretq
isolated_frame:
    movq %gs:CPU_TSS_RSP0, %rsp
    movq REG_RCX(%rdi), %rcx
    movq REG_R11(%rdi), %r11
    jmp iret_frame
isolated_iret:
    LOAD_USER_CR3
    swapgs
    iretq
isolated_syscall:
    movq %gs:CPU_KERNEL_CR3, %rsp
    movq %rsp, %cr3
    movq %gs:CPU_REGS_TOP, %rsp
    jmp syscall_entered
isolated_trap:
    movq %rdi, %gs:CPU_SCRATCH
    movq %gs:CPU_KERNEL_CR3, %rdi
    movq %rdi, %cr3
    jmp trap_entered

// No return and no indirect branch comes before the write at entry, nor after the one at exit.
entry_msr:
    movl %eax, %ebx            // the event
    movl %gs:CPU_ENTRY_MSR, %ecx
    movl %gs:CPU_ENTRY_VALUE, %eax
    xorl %edx, %edx
    wrmsr
    movl %ebx, %eax
    movq %gs:CPU_TASK_STACK, %rsp
    jmp entry_written
exit_msr:
    movq %rdi, %gs:CPU_REGS_TOP
    movl $MSR_SPEC_CTRL, %ecx
    movl %gs:CPU_EXIT_VALUE, %eax
    xorl %edx, %edx
    wrmsr
    jmp exit_written
// More taken branches than processors without BHI_DIS_S remember [bhi]. If IBRS is to be written too, that comes after.
clear_history:
    movl $32, %ecx
1:  jmp 2f
    int3
2:  decl %ecx
    jnz 1b
    lfence
    movl $EVENT_SYSCALL, %eax
    jmp leave_user
divide:
    movq %rsp, %gs:CPU_TASK_STACK
    xorl %edx, %edx
    movl $1, %eax
    movl %eax, %ecx
    divl %ecx
    jmp divided

// mem/tlb.cpp
    .globl invalidate_under
invalidate_under:
    movq %rdi, %cr3
1:  cmpq %rcx, %rdx
    jae 2f
    invlpg (%rdx)
    addq $4096, %rdx
    jmp 1b
2:  movq %rsi, %cr3
    ret
    .section .note.GNU-stack, "", @progbits
