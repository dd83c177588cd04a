// SPDX-License-Identifier: MPL-2.0
// Patching of system call sites: `mov $number,%eax; syscall` and `mov %reg,%reg; syscall` become a jump to a thunk (thunks.h) that
// enters the trampoline without a signal. Where the old `syscall` began the jump has 0x06, an invalid opcode: a thread that
// stands between the two old instructions, or a restarted call, faults there and is told as a system call.
//
// Only shadows of text pages are patched: a copy takes the page's place in the stub's mappings, nowhere else. Thunks lie at
// user addresses that the program does not use; one that maps memory there later (AddressSpace::note_area) has its patches taken
// back. So has one that single-steps.
//
// Invariants
// - A shadow equals the page it stands for but for the sites. Only pages that no page table has ever allowed writes to get one
//   (kFrameWritable); when one of them becomes writable or the OS writes to it, all shadows are compared again (code_changed).
// - A page of a shadow is written only while no stub maps it: a shadow has two, and the one that is not in use is written after
//   all commands on their way are done and nothing is stale.
// - Records of a space stay until its end, so that a thread in a thunk, at a site or between a site's old instructions can always
//   be told where it is, even after its patches were taken back.
// - What the OS sees (page table, user_io, files) is always the original. Only the program's own loads see patched bytes: for
//   programs that checksum their code there is --patch off.
//
// All functions but patch_setup require Space::lock.
#pragma once
#include "user/thunks.h"

#include <ostd/user.h>

namespace ostd::host {

inline constexpr u32 kPatchPages = 16384;  // of the exchange file, behind the slots

struct Patches;

// on: patch. False: off, or the processor lacks what the thunks need. The pages: kPatchPages of the exchange file, mapped.
bool patch_setup(bool on, u8* pages, u64 file_offset);
// A system call came by signal from this rip (after the instruction): patches its site when it comes often. True: `page` is stale
// in the stub now.
bool patch_consider(Space& s, u64 rip, u64 number);
// The mapping that stands for the page-table run: overrides for its shadowed pages. Appends to `to`, at most room; how many.
u32 patch_overrides(Space& s, VirtAddr at, u64 pages, u64 pfn, Prot prot, stub::Cmd* to, u32 room);
// The mapping of a page of thunks; 0: that page is not ours.
u32 patch_window(Space& s, VirtAddr at, stub::Cmd* to);
// The return address (after the site) of the thunk that rip is in; 0: none.
u64 patch_thunk_return(const Space& s, u64 rip);
// Where a thread in a thunk stands in terms of the program's own code; 0: it is in none.
u64 patch_thunk_undo(const Space& s, u64 rip);
// A fault at `at` in a page of thunks with the thread at rip: true when the patches were taken back while it was on its way there.
bool patch_left_behind(const Space& s, u64 rip, VirtAddr at);
// Before an entry: are the patches still right?
void patch_check(Space& s);
// rip is at the last two bytes of a patched site: what a thread meets that was before `syscall` there.
bool patch_mid_site(const Space& s, u64 rip);
// Takes all patches back: their pages and the window are stale, nothing is patched in this space any more.
void patch_disable(Space& s);
// At the end of an address space.
void patch_free(Space& s);

}  // namespace ostd::host
