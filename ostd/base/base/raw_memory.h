// SPDX-License-Identifier: MPL-2.0
// Raw storage for the containers of base: only they use it. Memory is infallible (memory.md): it comes from the running
// task's reservation, so no container has an error for it. Each asks for memory before it changes anything.
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <base/types.h>
#include <new>
#include <type_traits>
#include <utility>

namespace ostd::detail {
// SAFETY (invariant): each function's Requires says which objects are alive before; its comment says which are afterwards.

// Room for n objects of T, none of them alive.
template <class T>
OSTD_UNSAFE T* raw_allocate(usize n) {
  static_assert(alignof(T) <= 16, "operator new aligns to 16");
  OSTD_CHECK(n <= (SIZE_MAX / 2) / sizeof(T) && "container size");
  return static_cast<T*>(::operator new(n * sizeof(T)));
}
OSTD_UNSAFE inline void raw_free(void* p) { ::operator delete(p); }

// Requires: [p, p+n) are alive; afterwards they are not.
template <class T>
OSTD_UNSAFE void raw_destroy(T* p, usize n) {
  if constexpr (!std::is_trivially_destructible_v<T>)
    for (usize i = 0; i < n; ++i) p[i].~T();
}

// Moves n living objects to raw storage that does not overlap; afterwards `from` is raw.
template <class T>
OSTD_UNSAFE void raw_relocate(T* to, T* from, usize n) {
  if constexpr (std::is_trivially_copyable_v<T>) {
    if (n != 0) __builtin_memcpy(static_cast<void*>(to), static_cast<const void*>(from), n * sizeof(T));
  } else {
    for (usize i = 0; i < n; ++i) {
      ::new (static_cast<void*>(to + i)) T(std::move(from[i]));
      from[i].~T();
    }
  }
}

// Requires: [to, to+n) is raw and does not overlap [from, from+n).
template <class T>
OSTD_UNSAFE void raw_copy(T* to, const T* from, usize n) {
  if constexpr (std::is_trivially_copyable_v<T>) {
    if (n != 0) __builtin_memcpy(static_cast<void*>(to), static_cast<const void*>(from), n * sizeof(T));
  } else {
    for (usize i = 0; i < n; ++i) ::new (static_cast<void*>(to + i)) T(from[i]);
  }
}

// Where N objects of T can live inside their container; nothing for N = 0.
template <class T, usize N>
struct InlineRoom {
  OSTD_UNSAFE T* data() { return reinterpret_cast<T*>(bytes); }  // SAFETY: aligned and large enough; objects are made by placement new
  OSTD_UNSAFE const T* data() const { return reinterpret_cast<const T*>(bytes); }  // SAFETY: as above
  alignas(T) unsigned char bytes[N * sizeof(T)];
};
template <class T>
struct InlineRoom<T, 0> {
  constexpr T* data() const { return nullptr; }
};

}  // namespace ostd::detail
