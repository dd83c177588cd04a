// SPDX-License-Identifier: MPL-2.0
// The kernel's own page tables: built at boot, then changed only for stacks, heap blocks in pieces and
// device memory. User tables are common code's.
#pragma once
#include <base/types.h>
#include <common/target.h>

namespace ostd::target {

// Page-table entry bits [sdm3 4.5].
inline constexpr u64 kPtePresent = 1, kPteWrite = 2, kPteUser = 4, kPteWriteThrough = 8, kPteCacheDisable = 16, kPteLarge = 128,
                     kPteGlobal = 256, kPteNoExec = 1ULL << 63, kPteAddress = 0x000f'ffff'ffff'f000;


inline constexpr u64 kKeepEntries = 1ULL << 63;  // in CR3, with PCIDs: the load drops no TLB entries

enum class Rights : u8 { read, write, exec, device };  // exec: read and execute; device: write, uncached

// A page table's entries: by the boot identity map before init_kernel_tables(), by the direct map afterwards.
u64* table_view(u64 physical);

// Builds the final tables and switches the boot CPU to them. Needs init_regions() and NX switched on.
void init_kernel_tables();
// Physical address of the top-level table with the kernel half only.
u64 kernel_root();
// Physical address of the one whose upper half address spaces get. If user mode is isolated from the OS, that is only what entry
// code and processor touch before the OS's table is loaded and after it has been left: the entry code, the EntryAreas, the IDT and
// the IST stacks; OS code then always runs on kernel_root(), which has no user half. Else it is kernel_root().
u64 upper_half();
void copy_upper_half(u64* to, u64 root);
// Isolated: maps pages of the kernel half for user mode's tables too (not for user code). Before there are address spaces.
void show_to_users(u64 address, u64 physical, u64 size, Rights rights);

// Maps whole pages in the kernel half with the largest pages that fit (4 KiB only for Small::yes). Requires: not mapped now.
enum class Small : u8 { no, yes };
void map_kernel(u64 address, u64 physical, u64 size, Rights rights, Small small = Small::no);
// The entry of a 4 KiB page of the kernel half; its tables exist afterwards.
u64& kernel_entry(u64 address);
// Unmaps one 4 KiB page and gives its physical address; the caller flushes.
u64 unmap_kernel_page(u64 address);

// Bits of an entry for a 4 KiB page with these rights.
u64 entry_bits(Rights r);
// The 4 KiB pages of the 2 MiB from `address` on are in this table, whoever writes it. Requires: nothing is mapped there.
void add_kernel_table(u64 address, u64 table);

// Device memory or firmware tables: a new mapping of [physical, physical+size), for ever.
u8* map_device(u64 physical, u64 size, Rights rights);

}  // namespace ostd::target
