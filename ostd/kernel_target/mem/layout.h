// SPDX-License-Identifier: MPL-2.0
// The kernel half of the address space. Every slot of the top-level table that it uses is filled at boot and never changes, so
// that all address spaces share it by copying 256 entries once.
#pragma once
#include <base/types.h>

namespace ostd::target {

inline constexpr u64 kDirectMap = 0xffff'8000'0000'0000;      // all RAM, RW NX, without the kernel image
inline constexpr u64 kDirectMapSize = 1ULL << 45;             // 32 TiB
inline constexpr u64 kStackArea = 0xffff'c000'0000'0000;      // stacks, each above an unmapped gap
inline constexpr u64 kPieceArea = 0xffff'd000'0000'0000;      // heap blocks made of single frames
inline constexpr u64 kMmioArea = 0xffff'e000'0000'0000;       // device memory and firmware tables
inline constexpr u64 kAreaSize = 1ULL << 39;                  // of the three above: one top-level slot
inline constexpr u64 kKernelBase = 0xffff'ffff'8000'0000;     // the image, at its physical address plus this
inline constexpr u64 kUserCanonicalEnd = 0x0000'8000'0000'0000;

inline constexpr u64 kStackSize = 0x4000;                     // usable bytes of a kernel stack
inline constexpr u64 kStackSlot = 0x8000;                     // with its guard gap below

// An address in the gap below a stack.
constexpr bool guard_page(u64 a) {
  return a >= kStackArea && a - kStackArea < kAreaSize && (a - kStackArea) % kStackSlot < kStackSlot - kStackSize;
}

}  // namespace ostd::target
