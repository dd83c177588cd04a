// SPDX-License-Identifier: MPL-2.0
// Thunks: what a patched system call site jumps to. A thunk finishes what the patch took the place of and enters the trampoline,
// or makes the call by signal when GS base is the program's own. It uses rcx and r11, which `syscall` changes anyway, and no
// user stack; flags and vector registers stay as they are.
//
// Two forms of sites, each with 0x06 (invalid in 64-bit mode) where the old `syscall` began:
//   mov $number,%eax; syscall   7 bytes: jmp *[abs32], the address of a thunk in kThunkWindow
//   mov 8(%rsp),%r9; syscall    the same (the syscall() of C libraries, any number)
//   mov %reg,%reg; syscall      5 bytes: jmp rel32, 6 << 16 and up to 65535 bytes (and a multiple of 16 MiB) away
//
// Thunks are never changed or taken away while their space lives. All functions require Space::lock.
#pragma once
#include "user/slot.h"

namespace ostd::host {

inline constexpr VirtRange kThunkWindow{VirtAddr{0x6'0000}, VirtAddr{0x7'0000}};
inline constexpr u32 kNoPage = ~0U;
inline constexpr u32 kThunkPages = 32;  // of a space
inline constexpr u32 kLongSite = 7, kShortSite = 5;

struct Thunks {
  struct Page { u64 va = 0; u32 page = kNoPage; u32 used = 0; };
  u32 count = 0;
  Page page[kThunkPages] = {};
};

// One thunk as the OS sees it.
struct Thunk {
  u64 code = 0;               // its first instruction
  u64 back = 0;               // after the site
  u32 size = 0;               // of the site; 0: no thunk
  const u8* original = nullptr;  // bytes of the site
};

// Pages of the exchange file (patch.cpp).
u32 patch_page_new();
u8* patch_page(u32 page);

// A system call site that ends at `back`, as the bytes before it say: its size, or 0 if it has neither form.
u32 thunk_form(const u8* page, u64 end_in_page, u64 number);
// Makes the thunk; the jump for the site goes to `jump` (size bytes). False: no room for it.
bool thunk_make(Space& s, Thunks& t, const u8* site, u32 size, u64 back, u8* jump);
// The thunk whose bytes hold this address.
Thunk thunk_at(const Thunks& t, u64 at);
// The thunk that the bytes at `site` (of the page at page_va) jump to, if it is this site's.
Thunk thunk_of_site(const Thunks& t, const u8* page, u64 page_va, u64 in_page);
// The page of thunks at this address; kNoPage: none.
u32 thunk_page(const Thunks& t, u64 at);

}  // namespace ostd::host
