// SPDX-License-Identifier: MPL-2.0
// User code for user_border.cpp: position-independent pieces that are copied to a user page and entered by offset.
    .section .rodata.user_programs, "a"
    .globl user_programs, user_programs_end
#define PROGRAM(name) .globl name; .balign 16; name
user_programs:

PROGRAM(prog_syscall):            // a syscall with a pattern in every register
    movabsq $0x1111111111111101, %rax
    movabsq $0x1111111111111102, %rbx
    movabsq $0x1111111111111103, %rdx
    movabsq $0x1111111111111104, %rsi
    movabsq $0x1111111111111105, %rdi
    movabsq $0x1111111111111106, %rbp
    movabsq $0x1111111111111107, %r8
    movabsq $0x1111111111111108, %r9
    movabsq $0x1111111111111109, %r10
    movabsq $0x111111111111110a, %r12
    movabsq $0x111111111111110b, %r13
    movabsq $0x111111111111110c, %r14
    movabsq $0x111111111111110d, %r15
    std
    syscall
    ud2

PROGRAM(prog_echo):               // all registers as they were given, for ever
1:  syscall
    jmp 1b

PROGRAM(prog_load):               // rdi: address
    movq (%rdi), %rax
    syscall
PROGRAM(prog_store):
    movq %rax, (%rdi)
    syscall
PROGRAM(prog_jump):
    jmp *%rdi
PROGRAM(prog_breakpoint):
    int3
PROGRAM(prog_undefined):
    ud2
PROGRAM(prog_divide):
    xorl %ecx, %ecx
    movl $1, %eax
    xorl %edx, %edx
    divl %ecx
PROGRAM(prog_cli):
    cli
PROGRAM(prog_in):
    inb $0x60, %al
PROGRAM(prog_step):               // single steps after popfq
    pushfq
    orq $0x100, (%rsp)
    popfq
    nop
    nop
    syscall
PROGRAM(prog_flags):              // flags in rax
    pushfq
    popq %rax
    syscall

PROGRAM(prog_x87):                // 1/0 unmasked, a syscall while it is pending, then the exception strikes
    fninit
    pushq $0x37b                  // zero divide unmasked
    fldcw (%rsp)
    fldz
    fld1
    fdiv %st(1), %st              // 1/0, told by the next waiting x87 instruction
    syscall
    fwait
    ud2

PROGRAM(prog_vectors):            // rdi: seed; xmm0-15 and the x87 stack hold it over each syscall. rax: 0 good
    movq %rdi, %rbx
    fninit
    pushq %rbx
    fildq (%rsp)
    pushq $0x1fc0                 // MXCSR with DAZ
    ldmxcsr (%rsp)
1:  movq %rbx, %xmm0
    movq %rbx, %xmm7
    movq %rbx, %xmm15
    syscall
    xorl %r8d, %r8d
    movq %xmm0, %rcx
    cmpq %rbx, %rcx
    jne 9f
    movq %xmm7, %rcx
    cmpq %rbx, %rcx
    jne 9f
    movq %xmm15, %rcx
    cmpq %rbx, %rcx
    jne 9f
    stmxcsr (%rsp)
    cmpl $0x1fc0, (%rsp)
    jne 9f
    fistpq -64(%rsp)
    movq -64(%rsp), %rcx
    cmpq %rbx, %rcx
    jne 9f
    pushq %rbx
    fildq (%rsp)
    popq %rcx
    jmp 1b
9:  movl $1, %r8d
    syscall
    ud2

PROGRAM(prog_bases):              // writes both bases, then a syscall
    movabsq $0x123456789000, %rax
    wrfsbase %rax
    movabsq $0xffff800000001000, %rax // a kernel address: allowed as a base, useless
    wrgsbase %rax
    syscall
    rdfsbase %rax
    rdgsbase %rbx
    syscall

PROGRAM(prog_read_bases):         // without FSGSBASE: through the segments. rdi: offset of fs, rsi: of gs
    movq %fs:0, %rax
    movq %gs:0, %rbx
    syscall

PROGRAM(prog_segments):
    movl $0x23, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %fs
    movl %eax, %gs
    syscall
    ud2

PROGRAM(prog_spin):               // counts in rax until something happens
    incq %rax
    jmp prog_spin

PROGRAM(prog_watch):              // rdi: address read over and over
1:  movq (%rdi), %rax
    incq %rbx
    jmp 1b

PROGRAM(prog_getppid):            // rdi: count of syscalls
    movq %rdi, %rbx
1:  movl $110, %eax
    syscall
    decq %rbx
    jnz 1b
    movl $60, %eax
    syscall
user_programs_end:
    .section .note.GNU-stack, "", @progbits
