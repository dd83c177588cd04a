// SPDX-License-Identifier: MPL-2.0
// Copies of untyped memory. Other CPUs and user code may write to it meanwhile: the bytes are then any mixture, which is why
// these are instructions that the compiler and the sanitizers do not look into, and not memcpy.
#pragma once
#include <base/types.h>

namespace ostd::common {

// Requires: the regions do not overlap and are readable/writable. SAFETY: the asm writes exactly [to, to+bytes) and says so.
inline void copy_words(u8* to, const u8* from, usize bytes) {  // bytes: a multiple of 8
  usize n = bytes / 8;
  asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}
inline void zero_words(u8* to, usize bytes) {  // bytes: a multiple of 8
  usize n = bytes / 8;
  asm volatile("rep stosq" : "+D"(to), "+c"(n) : "a"(0ULL) : "memory");
}
// SAFETY: (all moves here) the caller has n bytes at both places. They are written in assembler because user memory may change
// meanwhile: each byte is read once and nothing is assumed about it.
inline void move_u64(u8* to, const u8* from) {
  u64 w;
  asm volatile("movq (%2), %0\n\tmovq %0, (%1)" : "=&r"(w) : "r"(to), "r"(from) : "memory");
}
inline void move_u32(u8* to, const u8* from) {
  u32 w;
  // SAFETY: 4 bytes at both places; see move_u64.
  asm volatile("movl (%2), %0\n\tmovl %0, (%1)" : "=&r"(w) : "r"(to), "r"(from) : "memory");
}
inline void move_u8(u8* to, const u8* from) {
  u32 w;
  // SAFETY: 1 byte at both places; see move_u64.
  asm volatile("movzbl (%2), %0\n\tmovb %b0, (%1)" : "=&q"(w) : "r"(to), "r"(from) : "memory");
}
inline void copy_bytes(u8* to, const u8* from, usize n) {
  if (n >= 256) {
    copy_words(to, from, n & ~usize{7});
    to += n & ~usize{7};
    from += n & ~usize{7};
    n &= 7;
  }
  for (; n >= 8; n -= 8, to += 8, from += 8) move_u64(to, from);
  if (n >= 4) {
    move_u32(to, from);
    to += 4;
    from += 4;
    n -= 4;
  }
  for (; n != 0; --n, ++to, ++from) move_u8(to, from);
}
inline void zero_bytes(u8* to, usize n) {
  if (n >= 8) {
    zero_words(to, n & ~usize{7});
    to += n & ~usize{7};
    n &= 7;
  }
  // SAFETY: the caller has n bytes there.
  asm volatile("rep stosb" : "+D"(to), "+c"(n) : "a"(0) : "memory");
}

}  // namespace ostd::common
