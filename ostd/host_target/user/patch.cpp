// SPDX-License-Identifier: MPL-2.0
#include "user/patch.h"

#include "linux/host_features.h"
#include "linux/host_memory.h"
#include "task/vcpu.h"

#include <common/page_table.h>
#include <cstring>

namespace ostd::host {

namespace {
constexpr u32 kMaxShadows = 64;
constexpr u32 kHits = 64;
constexpr u8 kHitsToPatch = 6;
constexpr u64 kReadExec = 5, kSharedFixed = 0x8011;  // MAP_SHARED | MAP_FIXED | MAP_POPULATE

struct Shadow {
  u64 va = 0;          // 0: free
  u64 pfn = 0;         // of the page that it copies
  u32 page[2] = {kNoPage, kNoPage};
  u32 now = 0;         // which of the two is mapped; a patch writes the other one
};
struct Hit { u64 rip = 0; u8 count = 0; };

constinit bool g_on = false;
constinit Atomic<u32> g_changes{0};  // of code that may have been copied
// Pages of the exchange file for shadows and thunks.
constinit u8* g_pages = nullptr;
constinit u64 g_file_offset = 0;
constinit u32 g_used = 0, g_backed = 0, g_free = kNoPage;
constinit u32 g_next[kPatchPages]{};  // of free pages; not in them, since stubs may write there
constinit target::RawSpin g_lock{};

u8* page_at(u32 p) { return patch_page(p); }
u64 page_offset(u32 p) { return g_file_offset + p * kPageSize; }

u32 page_new() { return patch_page_new(); }
void page_free(u32 p) {
  if (p == kNoPage) return;
  g_lock.lock();
  g_next[p] = g_free;
  g_free = p;
  g_lock.unlock();
}
}  // namespace

u8* patch_page(u32 p) { return g_pages + p * kPageSize; }
u32 patch_page_new() {
  u32 p = kNoPage;
  g_lock.lock();
  if (g_free != kNoPage) {
    p = g_free;
    g_free = g_next[p];
  } else if (g_used < kPatchPages) {
    if (g_used == g_backed && back_memory_of_exchange(page_offset(g_used), 64 * kPageSize)) g_backed += 64;
    if (g_used < g_backed) p = g_used++;
  }
  g_lock.unlock();
  return p;
}

// What one space has patched; from a table, since nothing may be allocated under Space::lock.
struct Patches {
  Patches* next_free = nullptr;
  u32 shadows = 0;
  Thunks thunks{};
  u32 retired = kNoPage;  // pages of dropped shadows, which a thread may still be running on: freed at the end
  Shadow shadow[kMaxShadows] = {};
  Hit hit[kHits] = {};
};

namespace {
constexpr u32 kPatched = 1024;  // spaces with patches at a time
constinit Patches g_patches[kPatched]{};
constinit Patches* g_patches_free = nullptr;
constinit u32 g_patches_used = 0;

Patches* patches_of(Space& s) {
  if (s.patches) return s.patches;
  g_lock.lock();
  Patches* p = g_patches_free;
  if (p) g_patches_free = p->next_free;
  else if (g_patches_used < kPatched) p = &g_patches[g_patches_used++];
  g_lock.unlock();
  if (!p) return nullptr;
  p->~Patches();  // SAFETY: in place: a second one of this size would not fit on the stack
  ::new (p) Patches();
  s.patches = p;
  return p;
}

Shadow* shadow_at(Patches& p, u64 va) {
  for (u32 i = 0; i < p.shadows; i++)
    if (p.shadow[i].va == va) return &p.shadow[i];
  return nullptr;
}
void drop_shadow(Patches& p, Shadow& sh) {
  for (const u32 page : sh.page) {
    g_next[page] = p.retired;
    p.retired = page;
  }
  sh = p.shadow[--p.shadows];
  p.shadow[p.shadows] = {};
}

bool patchable(u64 number) {
  switch (number) {
    case 15: case 56: case 57: case 58: case 59: case 60: case 231: case 322: case 435: return false;  // want the whole frame
    default: return number < 1024;
  }
}

// Is the shadow a copy of these bytes but for its patched sites?
bool still_copy(const Patches& p, const Shadow& sh, const u8* original) {
  const u8* shadow = page_at(sh.page[sh.now]);
  for (u64 i = 0; i < kPageSize;) {
    if (shadow[i] == original[i]) {
      i++;
      continue;
    }
    const Thunk t = thunk_of_site(p.thunks, shadow, sh.va, i);
    if (t.size == 0 || memcmp(original + i, t.original, t.size) != 0) return false;
    i += t.size;
  }
  return true;
}

// Whether the frame's code can be copied: nobody writes to it. From then on we are told of the first who may.
bool copyable(u64 pfn) {
  const Atomic<u8>& flags = common::frame_meta(common::frame_head(pfn)).flags;
  // acq_rel: see frame_note_writable(); before the bytes are read.
  return (flags.fetch_or(common::kFrameCopied, Order::acq_rel) & common::kFrameWritable) == 0;
}

// The text page at va if it may have a shadow: present, executable, written by nobody.
const u8* text_page(const Space& s, u64 va, u64& pfn) {
  const u64 e = common::pte_lookup(*s.core, VirtAddr{va});
  const Prot p = common::pte_prot(e);
  if ((e & common::kPtePresent) == 0 || !p.exec || p.write || !copyable(common::pte_pfn(e))) return nullptr;
  pfn = common::pte_pfn(e);
  return target::phys_to_virt(PhysAddr{pfn << kPageShift});
}

// Does the shadow stand for what the page table says now?
bool right(const Space& s, const Patches& p, const Shadow& sh) {
  u64 pfn = 0;
  const u8* text = text_page(s, sh.va, pfn);
  return text && pfn == sh.pfn && still_copy(p, sh, text);
}

void page_stale(Space& s, u64 va) { tlb_make_stale(s, {VirtAddr{va}, VirtAddr{va + kPageSize}}); }
}  // namespace

bool patch_setup(bool on, u8* pages, u64 file_offset) {
  g_pages = pages;
  g_file_offset = file_offset;
  g_on = on && has_bmi2();
  return g_on;
}

bool patch_consider(Space& s, u64 rip, u64 number) {
  if (!g_on || s.no_patches || !patchable(number) || s.stale_all || s.stale_count != 0) return false;
  const u64 va = page_down(rip - 1);
  if (rip >= kUserEnd.value) return false;
  Patches* p = patches_of(s);
  if (!p) return false;
  Hit& h = p->hit[(rip ^ rip >> 12) % kHits];
  if (h.rip != rip) h = {rip, 0};
  if (h.count == 0xff || ++h.count < kHitsToPatch) return false;
  h.count = 0xff;  // one attempt
  u64 pfn = 0;
  const u8* text = text_page(s, va, pfn);
  const u32 size = text ? thunk_form(text, rip - va, number) : 0;
  if (size == 0) return false;
  const u64 in_page = rip - va - size;
  Shadow* sh = shadow_at(*p, va);
  if (sh && (sh->pfn != pfn || !still_copy(*p, *sh, text))) {
    drop_shadow(*p, *sh);
    sh = nullptr;
  }
  if (!sh) {
    if (p->shadows == kMaxShadows) return false;
    const u32 a = page_new(), b = page_new();
    if (a == kNoPage || b == kNoPage) {
      page_free(a);
      page_free(b);
      return false;
    }
    if (p->shadows == 0) s.code_seen = g_changes.load();
    sh = &p->shadow[p->shadows++];
    *sh = {va, pfn, {a, b}, 0};
    memcpy(page_at(a), text, kPageSize);
  }
  u8 jump[kLongSite];
  if (!thunk_make(s, p->thunks, text + in_page, size, rip, jump)) return false;
  // The page that is mapped nowhere gets the new patch; threads meet it only after the old one is unmapped.
  tlb_wait_commands(s);
  const u32 next = sh->now ^ 1;
  u8* to = page_at(sh->page[next]);
  memcpy(to, page_at(sh->page[sh->now]), kPageSize);
  memcpy(to + in_page, jump, size);
  sh->now = next;
  return true;
}

u32 patch_overrides(Space& s, VirtAddr at, u64 pages, u64 pfn, Prot prot, stub::Cmd* to, u32 room) {
  Patches* p = s.patches;
  if (!p || !prot.exec || prot.write || s.no_patches) return 0;
  u32 n = 0;
  for (u32 i = 0; i < p->shadows && n < room; i++) {
    Shadow& sh = p->shadow[i];
    const u64 page = (sh.va - at.value) >> kPageShift;
    if (sh.va < at.value || page >= pages) continue;
    const u8* text = target::phys_to_virt(PhysAddr{(pfn + page) << kPageShift});
    if (sh.pfn != pfn + page || !copyable(sh.pfn) || !still_copy(*p, sh, text)) {
      drop_shadow(*p, sh);
      i--;
      continue;
    }
    to[n++] = {9 /* mmap */, {sh.va, kPageSize, kReadExec, kSharedFixed, static_cast<u64>(stub::kFdExchange), page_offset(sh.page[sh.now])}, 0};
  }
  return n;
}

u32 patch_window(Space& s, VirtAddr at, stub::Cmd* to) {
  if (!s.patches || s.no_patches) return 0;
  const u32 page = thunk_page(s.patches->thunks, at.value);
  if (page == kNoPage) return 0;
  *to = {9 /* mmap */, {at.page_down().value, kPageSize, kReadExec, kSharedFixed, static_cast<u64>(stub::kFdExchange), page_offset(page)}, 0};
  return 1;
}

u64 patch_thunk_return(const Space& s, u64 rip) { return s.patches ? thunk_at(s.patches->thunks, rip).back : 0; }

u64 patch_thunk_undo(const Space& s, u64 rip) {
  if (!s.patches) return 0;
  const Thunk t = thunk_at(s.patches->thunks, rip);
  if (t.size == 0) return 0;
  // Of the short form the first instruction may have run, and what it read may be overwritten; then only the call is left.
  return t.size == kLongSite || rip == t.code ? t.back - t.size : t.back - 2;
}

bool patch_mid_site(const Space& s, u64 rip) {
  if (!s.patches) return false;
  for (u32 i = 0; i < s.patches->shadows; i++) {
    const Shadow& sh = s.patches->shadow[i];
    for (const u32 size : {kLongSite, kShortSite})
      if (const u64 in_page = rip + 2 - size - sh.va; in_page < kPageSize)
        if (thunk_of_site(s.patches->thunks, page_at(sh.page[sh.now]), sh.va, in_page).size == size) return true;
  }
  return false;
}

bool patch_left_behind(const Space& s, u64 rip, VirtAddr at) {
  if (!s.no_patches || !s.patches || thunk_page(s.patches->thunks, at.value) == kNoPage) return false;
  if (patch_thunk_return(s, rip) != 0) return true;
  for (u32 i = 0; i < s.patches->shadows; i++) {
    const Shadow& sh = s.patches->shadow[i];
    if (rip - sh.va < kPageSize) return thunk_of_site(s.patches->thunks, page_at(sh.page[sh.now]), sh.va, rip - sh.va).size != 0;
  }
  return false;
}

void patch_check(Space& s) {
  if (s.core->watched_used.load(Order::relaxed) != 0) patch_disable(s);
  const u32 changes = g_changes.load();
  if (!s.patches || s.code_seen == changes || s.no_patches) return;
  s.code_seen = changes;
  tlb_wait_commands(s);
  for (u32 i = 0; i < s.patches->shadows; i++) {
    Shadow& sh = s.patches->shadow[i];
    if (right(s, *s.patches, sh)) continue;
    page_stale(s, sh.va);
    drop_shadow(*s.patches, sh);
    i--;
  }
}

void patch_disable(Space& s) {
  if (s.no_patches) return;
  s.no_patches = true;
  if (!s.patches) return;
  // Who enters from now on knows that there are no thunks; who runs has entered before and is fetched back.
  fetch_all(s);
  for (u32 i = 0; i < s.patches->shadows; i++) page_stale(s, s.patches->shadow[i].va);
  const Thunks& t = s.patches->thunks;
  for (u32 i = 0; i < t.count; i++) page_stale(s, t.page[i].va);
}

void patch_free(Space& s) {
  s.no_patches = false;
  Patches* p = std::exchange(s.patches, nullptr);
  if (!p) return;
  while (p->shadows != 0) drop_shadow(*p, p->shadow[0]);
  while (p->retired != kNoPage) page_free(std::exchange(p->retired, g_next[p->retired]));
  for (u32 i = 0; i < p->thunks.count; i++) page_free(p->thunks.page[i].page);
  g_lock.lock();
  p->next_free = g_patches_free;
  g_patches_free = p;
  g_lock.unlock();
}

}  // namespace ostd::host

using namespace ostd;

// Threads that run are fetched back, so that their next entry sees it.
void ostd::target::code_changed() {
  host::g_changes.fetch_add(1);
  for (host::Vcpu& v : host::vcpus)
    if (v.running.load() != 0) host::kick_running(v);
}
