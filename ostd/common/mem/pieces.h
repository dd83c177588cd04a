// SPDX-License-Identifier: MPL-2.0
// Heap blocks made of single frames ("pieces"), for when memory has no run of free frames that is long enough: one frame after
// the other is mapped into an area of addresses of its own. Infallible like every allocation: n pages of credit are n frames.
//
// The area is cut into chunks of 2 MiB. A chunk in use has a table of 512 entries, one for each page: on the kernel it is the
// processor's page table, on the host the same words without a processor that reads them. A block is a run of entries, as
// long as the next power of two and aligned to it. What an entry holds while its page is not mapped says what the page is (free,
// taken, stale, flushing): addresses that were freed are used again only after every CPU has dropped what it knew of them.
//
// Memory of the tables: some are made at boot (memory / 16 MiB + 2 pages), so that small needs cost nothing later. More are made
// when chunks are needed, stay for ever and are charged to the root account where it has room; where it has none they come out
// of the frame allocator's reserve, which is larger by memory / 512 for them: enough for all memory in pieces. A program that
// leaves one small block in each chunk for every order can need nine times as many; the rest of the reserve is meant for that.
#pragma once
#include <base/types.h>

namespace ostd::common {

inline constexpr u32 kPieceOrderMax = 14;  // 64 MiB

// Fixed after pieces_init(); before it nothing is inside.
struct PieceArea {
  u8* base = nullptr;
  u64 size = 0;
};
extern constinit PieceArea g_pieces;
// SAFETY: numbers to compare.
inline bool in_pieces(const void* p) { return reinterpret_cast<u64>(p) - reinterpret_cast<u64>(g_pieces.base) < g_pieces.size; }

// For a machine of that many frames.
void pieces_init(usize frames);   // before memory is given to the frame allocator
void pieces_prepare(usize frames);  // when the frame allocator works: makes the first tables
// Pages the frame allocator has to add to its reserve.
inline usize pieces_reserve(usize frames) { return frames / 512; }

// A block of that many pages, aligned to 2^order of them. Requires: pages <= 2^order, order <= kPieceOrderMax.
void* pieces_alloc(usize pages, u32 order);
// Requires: in_pieces(p). Panics when no block begins there.
void pieces_free(void* p);
usize pieces_size(const void* p);  // bytes

}  // namespace ostd::common
