// SPDX-License-Identifier: MPL-2.0
// The heap under operator new and delete: size classes up to 2048 bytes in slabs of one page, whole naturally aligned pages
// above, which need not be contiguous in memory. The size of a block is found from its address (frame metadata), so unsized delete and delete on any CPU work.
// Infallible: pages come from the running task's credit. Freeing twice and freeing what was never allocated panic where that is
// cheap to see.
#pragma once
#include <base/atomic.h>
#include <base/types.h>

namespace ostd::common {

inline constexpr usize kHeapSmallMax = 2048;
inline constexpr usize kHeapMax = kPageSize << 14;  // 64 MiB

void* heap_alloc(usize size, usize align = 16);
void heap_free(void* p);
// Bytes that the block really has.
usize heap_size(const void* p);
// True once memory_init() has run; operator new uses a small static arena (hosted: malloc) before.
extern constinit bool g_heap_ready;
inline bool heap_ready() { return g_heap_ready; }
void heap_set_ready();
// Gives empty slabs and full chains back to the frame allocator; pages freed.
usize heap_trim();
// Bytes of the objects in use, without what CPUs and depots keep; exact when nobody allocates. For tests.
usize heap_bytes_in_use();
// Sanitizer builds: bytes allocated and not freed; 0 otherwise.
extern constinit Atomic<i64> g_sanitizer_heap_bytes;

}  // namespace ostd::common
