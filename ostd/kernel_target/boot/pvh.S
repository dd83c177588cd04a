// SPDX-License-Identifier: MPL-2.0
// PVH entry [pvh]: 32-bit protected mode, paging off, ebx = physical address of the start info. Builds boot page tables
// (identity 0..4 GiB, and the kernel's -2 GiB window over the first GiB), enters long mode, calls kernel_start.
#include <cpu/offsets.h>

    .section .note.Xen, "a", @note
    .balign 4
    .long 4, 4, 18             // namesz, descsz, XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long pvh_entry

    .section .boot.text, "ax"
    .code32
    .globl pvh_entry
pvh_entry:
    cld
    cli
    movl $boot_low_stack_end, %esp
    movl %ebx, %esi

    // Page directories: 2048 pages of 2 MiB.
    movl $boot_pds, %edi
    movl $0x83, %eax           // present, writable, large
1:  movl %eax, (%edi)
    movl $0, 4(%edi)
    addl $0x200000, %eax
    addl $8, %edi
    cmpl $(boot_pds + 4 * 4096), %edi
    jne 1b
    movl $boot_pml4, %edi
    movl $(3 * 1024), %ecx     // three tables
    xorl %eax, %eax
    rep stosl
    movl $(boot_pds + 0x0003), boot_pdpt_low
    movl $(boot_pds + 0x1003), boot_pdpt_low + 8
    movl $(boot_pds + 0x2003), boot_pdpt_low + 16
    movl $(boot_pds + 0x3003), boot_pdpt_low + 24
    movl $(boot_pds + 0x0003), boot_pdpt_high + 510 * 8
    movl $(boot_pdpt_low + 3), boot_pml4
    movl $(boot_pdpt_high + 3), boot_pml4 + 511 * 8

    movl $0x20, %eax           // CR4.PAE
    movl %eax, %cr4
    movl $boot_pml4, %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx     // EFER.LME
    rdmsr
    orl $0x100, %eax
    wrmsr
    movl $0x80010033, %eax     // PG WP NE ET MP PE
    movl %eax, %cr0
    lgdtl boot_gdt_pointer
    ljmpl $8, $boot_long_mode
    .code64
boot_long_mode:
    xorl %eax, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %eax, %fs
    movl %eax, %gs
    movabsq $boot_cpu_area, %rax
    movq (%rax), %rax          // GS base: CPU 0's area
    movq %rax, %rdx
    shrq $32, %rdx
    movl $MSR_GS_BASE, %ecx
    wrmsr
    movl %esi, %edi
    movabsq $boot_stack_end, %rsp
    xorl %ebp, %ebp
    pushq %rbp                 // end of the frame chain
    pushq %rbp
    movabsq $kernel_start, %rax
    call *%rax
    ud2

    .balign 8
boot_gdt:
    .quad 0, 0x00af9b000000ffff
boot_gdt_pointer:
    .word 15
    .long boot_gdt

    .section .boot.bss, "aw", @nobits
    .balign 4096
boot_pml4:
    .skip 4096
boot_pdpt_low:
    .skip 4096
boot_pdpt_high:
    .skip 4096
boot_pds:
    .skip 4 * 4096
    .skip 256
boot_low_stack_end:

    .section .bss.boot_stack, "aw", @nobits
    .balign 4096
    .globl boot_stack
boot_stack:
    .skip 16384
boot_stack_end:
    .section .note.GNU-stack, "", @progbits
