// SPDX-License-Identifier: MPL-2.0
// operator new and delete of the whole image.
//
// Until memory_init() has run, and on threads of a hosted process that are not CPUs of the machine, memory comes from elsewhere:
// freestanding a static arena that is never reused, hosted malloc. delete knows whose a block is by its address.
// Under AddressSanitizer all blocks are the sanitizer's, which sees more than the checks of the heap; the running task still pays
// for them, page by page of what it has allocated less what it has freed. ThreadSanitizer brings operators that cannot be
// replaced: there nobody pays for the heap.
#include <common/account.h>
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <mem/pieces.h>
#include <new>
#include <ostd/target/cpu.h>
#if __STDC_HOSTED__
#include <cstdlib>
#include <malloc.h>
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OSTD_SANITIZER_HEAP 1
#elif __has_feature(thread_sanitizer)
#define OSTD_NO_HEAP_OPERATORS 1
#endif
#endif

#ifndef OSTD_NO_HEAP_OPERATORS

namespace {
using namespace ostd;
namespace c = ostd::common;

#if __STDC_HOSTED__

bool ours() { return c::heap_ready() && target::on_cpu(); }
void* other_alloc(usize size, usize align) {
  void* p = align <= 16 ? std::malloc(size) : std::aligned_alloc(align, (size + align - 1) & ~(align - 1));
  if (!p) panic("the host refuses memory");
  return p;
}
void other_free(void* p) { std::free(p); }
[[maybe_unused]] bool is_other(const void* p) { return !c::heap_ready() || !(c::in_direct_map(p) || c::in_pieces(p)); }

#else

constexpr usize kArena = 64 << 10;
alignas(64) constinit u8 g_arena[kArena]{};
constinit usize g_arena_used = 0;

bool ours() { return c::heap_ready(); }
void* other_alloc(usize size, usize align) {  // the boot CPU only
  const usize at = (g_arena_used + align - 1) & ~(align - 1);
  if (size > kArena || at > kArena - size) panic("too much memory allocated before the heap");
  g_arena_used = at + size;
  return g_arena + at;
}
void other_free(void*) {}
[[maybe_unused]] bool is_other(const void* p) { return p >= g_arena && p < g_arena + kArena; }

#endif

#ifdef OSTD_SANITIZER_HEAP

// The bytes a task owns are charged in whole pages: its counter of loose bytes runs from 0 to a page.
void* allocate(usize size, usize align = 16) {
  void* p = other_alloc(size, align);
  const i64 bytes = static_cast<i64>(malloc_usable_size(p));
  c::g_sanitizer_heap_bytes.fetch_add(bytes, Order::relaxed);
  if (ours()) c::account_draw_bytes(bytes);
  return p;
}
void release(void* p) {
  if (!p) return;
  const i64 bytes = static_cast<i64>(malloc_usable_size(p));
  c::g_sanitizer_heap_bytes.fetch_sub(bytes, Order::relaxed);
  if (ours()) c::account_draw_bytes(-bytes);
  other_free(p);
}

#else

inline void* allocate(usize size, usize align = 16) {
  if (!ours()) [[unlikely]] return other_alloc(size, align);
  return c::heap_alloc(size, align);
}
inline void release(void* p) {
  if (!p) return;
  if (is_other(p)) [[unlikely]] return other_free(p);
  c::heap_free(p);
}

#endif
}  // namespace

void* operator new(std::size_t n) { return allocate(n); }
void* operator new[](std::size_t n) { return allocate(n); }
void* operator new(std::size_t n, std::align_val_t a) { return allocate(n, static_cast<usize>(a)); }
void* operator new[](std::size_t n, std::align_val_t a) { return allocate(n, static_cast<usize>(a)); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept { return allocate(n); }
void* operator new[](std::size_t n, const std::nothrow_t&) noexcept { return allocate(n); }
void* operator new(std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept { return allocate(n, static_cast<usize>(a)); }
void* operator new[](std::size_t n, std::align_val_t a, const std::nothrow_t&) noexcept { return allocate(n, static_cast<usize>(a)); }
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, std::align_val_t, const std::nothrow_t&) noexcept { release(p); }

#endif  // OSTD_NO_HEAP_OPERATORS
