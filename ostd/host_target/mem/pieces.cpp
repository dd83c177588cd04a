// SPDX-License-Identifier: MPL-2.0
// Heap blocks in pieces are second mappings of the memory file's pages, one host call for pages that follow each other there.
// The host forgets unmapped pages on all CPUs before its call returns.
#include "linux/host_memory.h"
#include "mem/memory.h"

#include <common/target.h>

using namespace ostd;

auto ostd::target::piece_area(u64 size, u64 align) -> u8* { return host::reserve_addresses(size, align); }
auto ostd::target::add_piece_table(u8*, PhysAddr) -> void {}
auto ostd::target::piece_entry(PhysAddr frame) -> u64 { return frame.value | 1; }

auto ostd::target::map_pieces(u8* at, std::span<const u64> entries) -> void {
  for (usize i = 0; i != entries.size();) {
    usize n = 1;
    while (i + n != entries.size() && entries[i + n] == entries[i] + (n << kPageShift)) ++n;
    if (!host::map_memory_at(at + (i << kPageShift), host::memory_file_of_machine(), entries[i] & ~u64{kPageMask}, n << kPageShift,
                             host::MapRights::read_write))
      break;
    i += n;
    if (i == entries.size()) return;
  }
  // The host allows a process only so many mappings: then the machine's pages lie idle behind memory in one piece.
  if (!host::map_memory_at(at, -1, 0, entries.size() << kPageShift, host::MapRights::read_write))
    panic("the host refuses memory for a heap block");
}

auto ostd::target::unmap_pieces(u8* at, usize pages) -> void {
  if (!host::map_memory_at(at, -1, 0, pages << kPageShift, host::MapRights::none)) panic("the host does not unmap a heap block");
}
auto ostd::target::forget_pieces() -> void {}
auto ostd::target::pieces_forgotten() -> bool { return true; }
