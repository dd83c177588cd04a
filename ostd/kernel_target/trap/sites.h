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
// Instructions of 5 bytes and more follow, which become a jump to \to when a mitigation wants it; \to does their work and
// returns behind them.
.macro DETOUR kind, to
7701:
    .pushsection .speculation_sites, "a"
    .balign 8
    .quad 7701b
    .long \kind, 5
    .quad \to
    .popsection
.endm
#define DETOUR_TABLE 4
#define DETOUR_ENTRY 5
#define DETOUR_EXIT 6
#define DETOUR_HISTORY 7
#define DETOUR_DIVIDE 8
#ifdef OSTD_WITHOUT_SPECULATION  // only to measure what they cost: meson's hardening_without
#define CLEAR_BUFFERS
#define SWAPGS_FENCE
#else
#define CLEAR_BUFFERS SPECULATION_SITE 1, 7   // verw: changes the flags, reads memory
#define SWAPGS_FENCE SPECULATION_SITE 2, 3    // lfence
#endif
