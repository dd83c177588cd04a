// SPDX-License-Identifier: MPL-2.0
// A guest that tells whether an accelerator really runs code: 64-bit mode with paging, SSE and, where CPUID has it, BMI2,
// then a hundred million turns of a loop, which only real hardware does in its time. Ends through QEMU's isa-debug-exit
// with status 42. Entered by PVH in 32-bit protected mode.
    .section .note, "a"
    .balign 4
    .long 4, 4, 18  // name size, value size, XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long entry

    .section .text, "ax"
    .code32
    .globl entry
entry:
    cli
    lgdt gdt_pointer
    mov $page_directory_pointers, %eax
    or $3, %eax
    mov %eax, page_map
    mov $page_directory, %eax
    or $3, %eax
    mov %eax, page_directory_pointers
    movl $0x83, page_directory          // the first 2 MiB, present, writable, large
    mov $page_map, %eax
    mov %eax, %cr3
    mov $0x620, %eax                    // PAE, OSFXSR, OSXMMEXCPT
    mov %eax, %cr4
    mov $0xc0000080, %ecx               // EFER.LME
    rdmsr
    or $0x100, %eax
    wrmsr
    mov $0x80000033, %eax               // PG, NE, ET, MP, PE
    mov %eax, %cr0
    ljmp $8, $long_mode

    .code64
long_mode:
    xor %eax, %eax
    cpuid
    cmp $7, %eax
    jb 1f
    mov $7, %eax
    xor %ecx, %ecx
    cpuid
    bt $8, %ebx                         // BMI2
    jnc 1f
    mov $3, %ecx
    shlx %rcx, %rcx, %rdx
    cmp $24, %rdx
    jne fail
1:  mov $5, %eax
    cvtsi2sd %eax, %xmm0
    mulsd %xmm0, %xmm0
    cvttsd2si %xmm0, %eax
    cmp $25, %eax
    jne fail
    mov $100000000, %ecx
2:  dec %ecx
    jnz 2b
    mov $42, %al
    jmp end
fail:
    mov $1, %al
end:
    out %al, $0xf4
    hlt
    jmp end

    .balign 8
gdt:
    .quad 0
    .quad 0x00af9b000000ffff
gdt_pointer:
    .word gdt_pointer - gdt - 1
    .long gdt

    .section .bss, "aw", @nobits
    .balign 4096
page_map:
    .skip 4096
page_directory_pointers:
    .skip 4096
page_directory:
    .skip 4096
