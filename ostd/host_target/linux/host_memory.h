// SPDX-License-Identifier: MPL-2.0
// Memory files and mappings of the host.
#pragma once
#include <base/types.h>

namespace ostd::host {

// A new memory file of that size (sparse); -errno.
int memory_file(const char* name, u64 size);
// What the host could give now without taking it from other processes: free memory and what it can reclaim, within the limit of
// our control group. A request beyond it would succeed and then make the host kill processes, not necessarily ours.
u64 available_memory();
// How many mappings the host allows a process.
u64 most_mappings();
// Makes the host back the range now, so that touching it later cannot fail; 0 or -errno.
int back_memory(int file, u64 offset, u64 size);
// Gives the pages back to the host; they read as zeros afterwards.
void punch_memory(int file, u64 offset, u64 size);
bool write_file(int file, u64 offset, const void* from, u64 size);

enum class MapRights : u8 { none, read, read_write, read_exec };
// Shared mapping of a file, or private anonymous memory when file < 0; nullptr when refused.
u8* map_memory(int file, u64 offset, u64 size, MapRights rights);
// Addresses with nothing behind them; nullptr when refused.
u8* reserve_addresses(u64 size, u64 align);
// Replaces what is mapped in the range: by pages of a file, by private anonymous memory (file < 0), by nothing (none).
bool map_memory_at(u8* at, int file, u64 offset, u64 size, MapRights rights);
void unmap_memory(void* at, u64 size);
void protect_memory(void* at, u64 size, MapRights rights);

}  // namespace ostd::host
