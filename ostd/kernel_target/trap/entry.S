// SPDX-License-Identifier: MPL-2.0
// Trap entry. 256 stubs push a vector (and 0 where the processor pushes no error code); user traps unwind into user::run,
// kernel traps call trap_from_kernel on the current stack, NMI, #DF and #MC run on their IST stacks.
#include <cpu/offsets.h>
#include <trap/sites.h>

    .section .text.trap, "ax"
    .globl trap_stubs
    .balign TRAP_STUB_SIZE
trap_stubs:
.set vector, 0
.rept 256
    .balign TRAP_STUB_SIZE
  .if !((vector == 8) || ((vector >= 10) && (vector <= 14)) || (vector == 17) || (vector == 21) || (vector == 29) || (vector == 30))
    pushq $0
  .endif
    pushq $vector
  .if (vector == 2) || (vector == 8) || (vector == 18)
    jmp trap_paranoid_entry
  .else
    jmp trap_entry
  .endif
  .set vector, vector + 1
.endr

.macro PUSH_REGS
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
.endm
.macro POP_REGS
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rax
    popq %rcx
    popq %rdx
    popq %rsi
    popq %rdi
.endm

// Stack: vector, error, rip, cs, rflags, rsp, ss.
trap_entry:
    testb $3, 24(%rsp)
    jnz trap_from_user
    SWAPGS_FENCE               // nor when the branch was guessed wrong and GS is still the user's
    cld
    PUSH_REGS
    movq %rsp, %rdi
    call trap_from_kernel
    POP_REGS
    addq $16, %rsp
    iretq

// GS may be the user's whatever CS says (an NMI between syscall and swapgs), so it is set from the stack's last word and put
// back as it was.
trap_paranoid_entry:
    cld
    PUSH_REGS
    movl $MSR_GS_BASE, %ecx
    rdmsr
    shlq $32, %rdx
    orq %rdx, %rax
    movq %rax, %rbx
    movq %rsp, %rdx
    orq $(IST_STACK_SIZE - 1), %rdx
    movq -7(%rdx), %rax
    movq %rax, %rdx
    shrq $32, %rdx
    wrmsr
    lfence                     // the base written is the one used
    DETOUR DETOUR_TABLE, isolated_paranoid
    movq %rsp, %rdi
    call trap_on_ist
1:  movq %rbx, %rax
    movq %rbx, %rdx
    shrq $32, %rdx
    movl $MSR_GS_BASE, %ecx
    wrmsr
    POP_REGS
    addq $16, %rsp
    iretq

// CR3 is the OS's, user mode's or one that is just being flushed.
isolated_paranoid:
    movq %cr3, %r12
    movq %gs:CPU_KERNEL_CR3, %rax
    movq %rax, %cr3
    movq %rsp, %rdi
    call trap_on_ist
    movq %r12, %cr3
    jmp 1b
    .section .note.GNU-stack, "", @progbits
