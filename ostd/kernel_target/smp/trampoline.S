// SPDX-License-Identifier: MPL-2.0
// Where other CPUs start: 16-bit code copied to AP_TRAMPOLINE, through protected mode into long mode, then ap_entry in the
// image, which finds the CPU's stack by its APIC ID. [sdm3 9.4]
#include <cpu/offsets.h>

    .section .rodata.trampoline, "a"
    .globl trampoline_begin, trampoline_end, trampoline_cr3, trampoline_efer
#define AT(x) (x - trampoline_begin + AP_TRAMPOLINE)
    .code16
trampoline_begin:
    cli
    cld
    movw %cs, %ax
    movw %ax, %ds
    lgdtl (gdt_pointer - trampoline_begin)
    movl $0x11, %eax
    movl %eax, %cr0
    ljmpl $0x08, $AT(protected)
    .code32
protected:
    movl $0x10, %eax
    movl %eax, %ds
    movl %eax, %ss
    movl $0x20, %eax
    movl %eax, %cr4
    movl AT(trampoline_cr3), %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx
    movl AT(trampoline_efer), %eax
    xorl %edx, %edx
    wrmsr
    movl $0x80010033, %eax
    movl %eax, %cr0
    ljmpl $0x18, $AT(long_mode)
    .code64
long_mode:
    movabsq $ap_entry, %rax
    jmp *%rax
    .balign 8
gdt:
    .quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
gdt_pointer:
    .word 31
    .long AT(gdt)
    .balign 8
trampoline_cr3:
    .long 0
trampoline_efer:
    .long 0
trampoline_end:

    .text
ap_entry:
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    cmpb $0, ap_wide_ids
    jne 1f
    movl $1, %eax
    cpuid
    shrl $24, %ebx
    movl %ebx, %edx
    jmp 2f
1:  movl $0xb, %eax
    xorl %ecx, %ecx
    cpuid                      // edx: x2APIC ID
2:  xorl %edi, %edi
3:  cmpl ap_count, %edi
    je 4f
    cmpl %edx, ap_ids(,%rdi,4)
    je 5f
    incl %edi
    jmp 3b
4:  cli                        // nobody asked for this CPU
    hlt
    jmp 4b
5:  movq ap_stacks(,%rdi,8), %rsp
    xorl %ebp, %ebp
    pushq %rbp
    pushq %rbp
    call ap_start
    ud2
    .section .note.GNU-stack, "", @progbits
