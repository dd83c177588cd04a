// SPDX-License-Identifier: MPL-2.0
// Where the compiler sends every indirect branch of the OS (-mretpoline-external-thunk): its target is in r11. At boot the first
// instruction either stays a jump or becomes `call 2f`; then the target is reached by a return, whose prediction comes from the
// call just made and runs in circles, instead of from what user code has trained. [retpoline]
#include <trap/sites.h>

    .section .text.trap, "ax"
    .globl __x86_indirect_thunk_r11, refill_return_stack, speculation_verw_operand, clear_cpu_buffers
    .balign 64
__x86_indirect_thunk_r11:
    SPECULATION_SITE 3, 5
1:  pause                      // 7 bytes up to 2, as site_code() knows
    lfence
    jmp 1b
2:  movq %r11, (%rsp)
    ret

// Fills the return stack buffer with calls whose returns are never made: what was in it is another task's.
    .balign 64
refill_return_stack:
.rept 32
    call 1f
    int3
1:
.endr
    addq $(32 * 8), %rsp
    lfence
    ret

clear_cpu_buffers:
    CLEAR_BUFFERS
    ret

    .section .rodata.speculation, "a"
    .balign 2
speculation_verw_operand:
    .short 0x10                // SEL_KERNEL_DATA: VERW clears buffers only when it can be written
    .section .note.GNU-stack, "", @progbits
