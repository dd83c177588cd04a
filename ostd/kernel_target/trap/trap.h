// SPDX-License-Identifier: MPL-2.0
// The frame that trap/entry.S makes of an interrupted OS context, and who handles what.
#pragma once
#include <base/types.h>

namespace ostd::target {

struct TrapFrame {
  u64 r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
  u64 vector, error, rip, cs, rflags, rsp, ss;
};

// Vectors above the exceptions. Device lines get kVectorFirstLine and up.
inline constexpr u32 kVectorFirstLine = 0x30, kVectorLastLine = 0xdf, kVectorTimer = 0xf0, kVectorIpi = 0xf1, kVectorFlush = 0xf2,
                     kVectorSpurious = 0xff;

// Interrupts (vector >= 32), from user or OS code, interrupts off.
void handle_interrupt(u32 vector);
// Another CPU has called stop_other_cpus(): an NMI then means to stop.
bool stop_requested();

}  // namespace ostd::target
