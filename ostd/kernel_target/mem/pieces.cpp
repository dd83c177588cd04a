// SPDX-License-Identifier: MPL-2.0
// The common code's tables of heap blocks in pieces are page tables of the kernel's half.
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <mem/layout.h>
#include <mem/paging.h>
#include <mem/tlb.h>

namespace ostd::target {

u8* piece_area(u64 size, u64 align) {
  // SAFETY: addresses that nothing else uses.
  return size <= kAreaSize && kPieceArea % align == 0 ? reinterpret_cast<u8*>(kPieceArea) : nullptr;
}
void add_piece_table(u8* at, PhysAddr table) { add_kernel_table(address_of(at), table.value); }
u64 piece_entry(PhysAddr frame) { return frame.value | entry_bits(Rights::write); }
// Processors do not remember that a page was not mapped [sdm3 4.10.2.3].
void map_pieces(u8*, std::span<const u64>) {}
void unmap_pieces(u8* at, usize pages) {
  for (usize i = 0; i != pages; ++i) invlpg(address_of(at) + (i << kPageShift));
}
void forget_pieces() { flush_everywhere_begin(); }
bool pieces_forgotten() { return flush_everywhere_ended(); }

}  // namespace ostd::target
