// SPDX-License-Identifier: MPL-2.0
// checked_index(): for an index that a user program has chosen. A comparison alone does not hold back a processor that guesses
// its outcome: it may read beyond the table with an index of the program's choice and leave traces of what it found in the
// caches [spectre]. Here the index itself becomes 0 when it is out of range, by arithmetic, which is not guessed.
#pragma once
#include <base/opt.h>
#include <base/types.h>

namespace ostd {

// i if i < n, else 0, without a branch.
constexpr usize bounded_index(usize i, usize n) {
  if consteval {
    return i < n ? i : 0;
  }
#ifdef OSTD_WITHOUT_SPECULATION  // only when its cost is measured
  return i;
#endif
  usize mask = 0;
  // SAFETY: arithmetic only: the borrow of i - n, spread over all bits. asm, since a compiler may make a branch of it.
  asm("cmpq %2, %1; sbbq %0, %0" : "=r"(mask) : "r"(i), "r"(n) : "cc");
  return i & mask;
}

// The index to use, or none when it is not below n.
constexpr Opt<usize> checked_index(usize i, usize n) {
  if (i >= n) return none;
  return bounded_index(i, n);
}

}  // namespace ostd
