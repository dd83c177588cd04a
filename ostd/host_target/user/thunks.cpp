// SPDX-License-Identifier: MPL-2.0
#include "user/thunks.h"

#include <common/address_space_core.h>

#include <cstring>

extern "C" {
extern const char __start_stubtext[], stub_fast[];
}

namespace ostd::host {

namespace {
// Layout of a thunk: u64 address of its code, u64 return address, original bytes, their number, code.
constexpr u32 kReturnAt = 8, kOriginalAt = 16, kSizeAt = 23, kCodeAt = 24, kThunkSize = 96;
constexpr u32 kThunksOfPage = kPageSize / kThunkSize;
constexpr u64 kReach = 0x1'0000;  // what the low half of a rel32 spans

Thunks::Page* new_page(Thunks& t, u64 va) {
  if (t.count == kThunkPages) return nullptr;
  const u32 p = patch_page_new();
  if (p == kNoPage) return nullptr;
  memset(patch_page(p), 0, kPageSize);  // the program can read it
  t.page[t.count] = {va, p, 0};
  return &t.page[t.count++];
}

Thunks::Page* page_in_window(Thunks& t) {
  u32 n = 0;
  for (u32 i = 0; i < t.count; i++) {
    if (!kThunkWindow.contains(VirtAddr{t.page[i].va})) continue;
    if (t.page[i].used != kThunksOfPage) return &t.page[i];
    n++;
  }
  if (n == kThunkWindow.size() / kPageSize) return nullptr;
  return new_page(t, kThunkWindow.begin.value + n * kPageSize);
}

// A page whose thunks' code can be reached from `back` by the short form.
Thunks::Page* page_in_reach(Space& s, Thunks& t, u64 back) {
  constexpr u8 kBelow4G[] = {0x10, 0x20, 0x40, 0x70}, kAbove[] = {0x90, 0xa0, 0xc0, 0xe0, 0x70};
  const bool low = back < 1ULL << 32;
  for (const u8 high : low ? std::span<const u8>(kBelow4G) : std::span<const u8>(kAbove)) {
    const u64 from = back + static_cast<u64>(static_cast<i64>(static_cast<i32>(static_cast<u32>(high) << 24 | 0x06'0000)));
    const u64 first = page_up(from), last = page_down(from + kReach) - kPageSize;
    if (first < (1ULL << 24) || last >= kUserEnd.value - (1ULL << 30)) continue;
    bool taken = false;
    const u64 middle = page_down((first + last) / 2);  // in the middle, so that it serves the neighbours
    for (u32 i = 0; i < t.count; i++) {
      Thunks::Page& p = t.page[i];
      if (p.va >= first && p.va <= last && p.used != kThunksOfPage) return &p;
      taken |= p.va == middle;
    }
    if (!taken && s.core->watch({VirtAddr{middle}, VirtAddr{middle + kPageSize}})) return new_page(t, middle);
  }
  return nullptr;
}

Thunk read(const u8* b, u64 at) {
  Thunk r{at + kCodeAt, 0, b[kSizeAt], b + kOriginalAt};
  memcpy(&r.back, b + kReturnAt, sizeof r.back);
  return r;
}
}  // namespace

u32 thunk_form(const u8* page, u64 end, u64 number) {
  const u32 n = static_cast<u32>(number);
  if (end >= kShortSite && page[end - 2] == 0x0f && page[end - 1] == 0x05) {
    const u8* s = page + end - kShortSite;
    if ((s[0] & 0xfa) == 0x48 && (s[1] == 0x89 || s[1] == 0x8b) && s[2] >= 0xc0) return kShortSite;
    s = page + end - kLongSite;
    // The C library's syscall(), any number: its seventh argument's register is loaded last. (Read as an instruction without the
    // first byte it would load ecx, which the call destroys: nobody does.)
    constexpr u8 kLoadR9[] = {0x4c, 0x8b, 0x4c, 0x24, 0x08};  // mov 8(%rsp),%r9
    if (end >= kLongSite && memcmp(s, kLoadR9, sizeof kLoadR9) == 0) return kLongSite;
    // A byte before it that looks like a REX prefix would make it another instruction.
    if (end > kLongSite && s[0] == 0xb8 && memcmp(s + 1, &n, sizeof n) == 0 && (s[-1] & 0xf0) != 0x40) return kLongSite;
  }
  return 0;
}

bool thunk_make(Space& s, Thunks& t, const u8* site, u32 size, u64 back, u8* jump) {
  Thunks::Page* page = size == kLongSite ? page_in_window(t) : page_in_reach(s, t, back);
  if (!page) return false;
  const u64 at = page->va + page->used * kThunkSize;
  const u64 entry = stub::kCodeVa + static_cast<u64>(stub_fast - __start_stubtext);
  u8 b[kThunkSize] = {};
  u32 n = kCodeAt;
  auto put = [&](auto... bytes) { ((b[n++] = static_cast<u8>(bytes)), ...); };
  auto put_number = [&](auto v) { memcpy(b + n, &v, sizeof v), n += sizeof v; };
  auto put_site = [&](u32 bytes) { memcpy(b + n, site, bytes), n += bytes; };
  if (size == kShortSite) put_site(3);  // mov %reg,%reg; of the long form it comes last, since it is known to be repeatable
  // Is GS base still ours? Without changing flags.
  put(0xf3, 0x48, 0x0f, 0xae, 0xc9);        // rdgsbase %rcx
  put(0xc4, 0xe3, 0xfb, 0xf0, 0xc9, 0x1c);  // rorx $28,%rcx,%rcx
  put(0x89, 0xc9);                          // mov %ecx,%ecx
  put(0x48, 0x8d, 0x89);                    // lea -(kTop >> 28)(%rcx),%rcx
  put_number(-static_cast<i32>(stub::kTop >> 28));
  put(0xe3, size == kLongSite ? 13 : 8);    // jrcxz to the fast part
  if (size == kLongSite) put_site(5);       // mov $number,%eax or mov 8(%rsp),%r9: both can be repeated
  put(0x0f, 0x05);                          // syscall
  put(0xff, 0x25), put_number(static_cast<i32>(kReturnAt) - static_cast<i32>(n + 4));  // jmp *return(%rip)
  if (size == kLongSite) put_site(5);       // fast:
  put(0x48, 0x8b, 0x0d), put_number(static_cast<i32>(kReturnAt) - static_cast<i32>(n + 4));  // mov return(%rip),%rcx
  put(0x49, 0xbb), put_number(entry);       // movabs $stub_fast,%r11
  put(0x41, 0xff, 0xe3);                    // jmp *%r11
  const u64 code = at + kCodeAt;
  memcpy(b, &code, sizeof code);
  memcpy(b + kReturnAt, &back, sizeof back);
  memcpy(b + kOriginalAt, site, size);
  b[kSizeAt] = static_cast<u8>(size);
  if (size == kLongSite) {
    const u8 op[] = {0xff, 0x24, 0x25};
    const u32 low = static_cast<u32>(at);
    memcpy(jump, op, sizeof op);
    memcpy(jump + 3, &low, sizeof low);
  } else {
    const i32 distance = static_cast<i32>(code - back);
    jump[0] = 0xe9;
    memcpy(jump + 1, &distance, sizeof distance);
  }
  if (jump[size - 2] != 0x06) return false;  // the code of the page's last thunk may lie beyond the reach
  memcpy(patch_page(page->page) + page->used * kThunkSize, b, sizeof b);
  page->used++;
  return true;
}

u32 thunk_page(const Thunks& t, u64 at) {
  for (u32 i = 0; i < t.count; i++)
    if (at - t.page[i].va < kPageSize) return t.page[i].page;
  return kNoPage;
}

Thunk thunk_at(const Thunks& t, u64 at) {
  for (u32 i = 0; i < t.count; i++) {
    const Thunks::Page& p = t.page[i];
    if (at - p.va >= kPageSize) continue;
    const u32 n = static_cast<u32>((at - p.va) / kThunkSize);
    return n < p.used ? read(patch_page(p.page) + n * kThunkSize, p.va + n * kThunkSize) : Thunk{};
  }
  return {};
}

Thunk thunk_of_site(const Thunks& t, const u8* page, u64 page_va, u64 in_page) {
  const u8* b = page + in_page;
  const u64 site = page_va + in_page;
  Thunk r{};
  if (in_page + kLongSite <= kPageSize && b[0] == 0xff && b[1] == 0x24 && b[2] == 0x25) {
    u32 at = 0;
    memcpy(&at, b + 3, sizeof at);
    r = thunk_at(t, at);
  } else if (in_page + kShortSite <= kPageSize && b[0] == 0xe9) {
    i32 distance = 0;
    memcpy(&distance, b + 1, sizeof distance);
    r = thunk_at(t, site + kShortSite + static_cast<u64>(static_cast<i64>(distance)));
  }
  return r.size != 0 && r.back - r.size == site ? r : Thunk{};
}

}  // namespace ostd::host
