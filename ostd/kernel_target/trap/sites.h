// SPDX-License-Identifier: MPL-2.0
// For .S files: places in the code whose bytes are chosen at boot (cpu/speculation.h). Until then they do nothing,
// or make a plain branch.
#pragma once

.macro SPECULATION_SITE kind, size
7700:
  .if \kind == 3
    .byte 0x41, 0xff, 0xe3, 0xcc, 0xcc
  .elseif \size == 3
    .byte 0x0f, 0x1f, 0x00
  .else
    .byte 0x0f, 0x1f, 0x80, 0, 0, 0, 0
  .endif
    .pushsection .speculation_sites, "a"
    .balign 8
    .quad 7700b
    .long \kind, \size
    .quad 0
    .popsection
.endm
// Instructions of 5 bytes and more follow, which become a jump to \to when user mode is isolated; \to does their work and returns
// behind them.
.macro DETOUR to
7701:
    .pushsection .speculation_sites, "a"
    .balign 8
    .quad 7701b
    .long 4, 5
    .quad \to
    .popsection
.endm
#define CLEAR_BUFFERS SPECULATION_SITE 1, 7   // verw: changes the flags, reads memory
#define SWAPGS_FENCE SPECULATION_SITE 2, 3    // lfence
