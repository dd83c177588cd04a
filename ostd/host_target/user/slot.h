// SPDX-License-Identifier: MPL-2.0
// Stub processes as the OS sees them: a Space is one process (the user half of one address space), a Slot one thread of it.
// Both live in static tables and are never freed, so a stale number is harmless.
//
// Locks: Space::lock is a leaf taken with interrupts off or by code that polls none; under it only the zygote's and the slot
// table's lock. A slot that is not `running` belongs to who holds its space's lock. Everything read from a Ctl comes from the
// stub: it is copied once and checked.
#pragma once
#include "stub/layout.h"

#include <base/atomic.h>
#include <base/opt.h>
#include <base/result.h>
#include <common/target.h>
#include <ostd/address_space.h>
#include <ostd/target/sync.h>
#include <string_view>

namespace ostd::host {

inline constexpr u32 kMaxSlots = 32768;
inline constexpr u32 kMaxSpaces = 16384;
inline constexpr u32 kNoSlot = ~0U;
inline constexpr u32 kAnyHostCpu = ~0U;
inline constexpr u32 kFlushRanges = 24;

struct Space;
struct Patches;
struct Vcpu;

// Holds a spinlock of the target in a scope.
class Hold {
 public:
  explicit Hold(const target::RawSpin& s) : s_(s) { s_.lock(); }
  ~Hold() { s_.unlock(); }
  Hold(const Hold&) = delete;

 private:
  const target::RawSpin& s_;
};

struct alignas(64) Slot {
  Space* space = nullptr;
  u32 next = kNoSlot;           // in its space or in the free list
  u32 number = 0;               // in its stub
  Atomic<int> tid{0};           // 0: no thread yet
  u32 host_cpu = kAnyHostCpu;   // it is bound to
  u32 in_a_row = 0;             // entries with no other slot in between (handover.cpp)
  Atomic<u32> running{0};       // its vCPU lets it run user code
  Atomic<u32> has_commands{0};  // it was given commands with the last entry
  bool bound = false;           // belongs to a UserContext
  bool bases_unknown = true;    // fs and gs base are left over from another context
  bool id_flag = false;         // the ID flag as the thread has it
  // Of the last return, checked:
  u32 kind = 0;
  u32 frame_at = 0;             // offsets in the slot of the mcontext registers and of the FPU state
  u32 fpu_at = 0;
};

struct Space {
  target::RawSpin lock{};
  Atomic<int> pid{0};           // 0: collected, the number may belong to another process
  Atomic<u32> dead{0};          // the process has ended or must not be used any more
  Atomic<u32> ended{0};         // the host has ended the process: none of it runs any more
  Atomic<u32> runners{0};       // slots that run
  Atomic<u32> refs{0};          // the address space (or the pool), the process until it is collected, each bound slot
  bool cleaning = false;        // a pooled stub may still be dropping its mappings
  u32 first = kNoSlot;
  u32 slots = 0;
  u32 bound = 0;
  u32 next_free = 0;            // in the table's free list or the pool
  AddressSpace::Core* core = nullptr;
  Patches* patches = nullptr;   // patch.cpp
  bool no_patches = false;
  u32 code_seen = 0;            // patch_changes() when the patches were last compared with the program's code
  // TLB entries to be dropped before any thread enters user mode again.
  VirtRange stale[kFlushRanges] = {};
  u32 stale_count = 0;
  bool stale_all = false;
  u64 mappings = 0;             // that the stub may have at most, for --isolated
};

extern Slot slots[kMaxSlots];

stub::Ctl& ctl_of(const Slot& s);
u32 slots_used();                    // those from there on have never been used
inline u32 index_of(const Slot& s) { return static_cast<u32>(&s - slots); }
inline u64 slot_va(const Slot& s) { return stub::kSlotVa + s.number * stub::kSlotSize; }

// ---- stub processes (stubs.cpp)
// Sets up the memory files and starts the zygote. A message when the host cannot do it, else nullptr.
enum class Mode : u8 { open, isolated };
const char* stubs_start(int phys_file, bool patch_sites, Mode mode);
Space* space_take();                 // from the pool or new; nullptr when the host refuses
void space_give_back(Space& s);      // the address space ends
void space_kill(Space& s, std::string_view why);  // ends the process by force and says why; its contexts find it dead
void space_wait_end(Space& s);       // after space_kill: until nothing of the process can run or touch memory any more
void stubs_expect_end();             // the machine goes off: stubs that end are no news
// A parked thread for a context; nullptr when the host refuses or the space is dead.
Slot* slot_bind(Space& s);
void slot_unbind(Slot& s);

// Some slot of the space whose thread is parked; if all run user code, one is fetched by a signal. nullptr: dead.
// Requires: Space::lock (so that none starts to run).
Slot* parked_slot(Space& s);

// Fetches all running threads of the space back. Requires: Space::lock.
void fetch_all(Space& s);

// ---- handing over (handover.cpp)
// How long a stub may keep the OS waiting that has nothing to do but what it was told: then the program has got at the trampoline.
// Counts little of each time between two looks, so that time in which this process was stopped does not matter.
class Patience {
 public:
  bool out();

 private:
  u64 last_ = 0, spent_ = 0;
};
inline constexpr std::string_view kNoAnswer = "it does not answer any more";
// What spinning is allowed: ticks of the TSC, 0: none; then stub threads are bound to the host CPU of their vCPU.
void handover_setup(u64 spin_ticks, bool bind);
// The vCPU is about to sleep: the host may wake it on any CPU.
void leave_host_cpu(Vcpu& v);
// Lets the stub run until it gives the thread back. False: the stub has died. Requires: the caller owns the slot.
bool hand_over(Slot& s);
// Waits for a thread that was started and reads how it came in. False: died or misbehaves (then the space is killed).
bool wait_back(Slot& s);
// Copies and checks how the thread came in.
bool read_arrival(Slot& s);
// Puts commands where the slot's thread takes them with the next hand-over.
void give_commands(Slot& s, const stub::Cmd* cmds, u32 n);
// The two halves of run_commands for one batch (n <= stub::kMaxCmds): the caller need not wait at once.
void start_commands(Slot& s, const stub::Cmd* cmds, u32 n);
bool finish_commands(Slot& s, u32* failed);
// Runs commands on a parked slot and waits for them. False: the stub is dead. Requires: Space::lock.
bool run_commands(Slot& s, stub::Cmd* cmds, u32 n, u32* failed);
// Turns a parked slot that came by a patched site into one with a signal frame. Requires: the caller owns the slot.
bool make_frame(Slot& s);
// Sends the interrupt signal to whatever slot runs on a vCPU.
void kick_running(Vcpu& v);

// Host memory for part of the exchange file behind the slots. False: refused.
bool back_memory_of_exchange(u64 offset, u64 size);

// ---- TLB (tlb.cpp)
// Notes mappings that the stub must drop before user code runs again. Requires: Space::lock.
void tlb_make_stale(Space& s, VirtRange r);
inline Space*& space_of(AddressSpace::Core& as) { return common::target_data(as).space; }
// Waits for commands that running threads were given with their last entry and may not have executed yet. Requires: Space::lock.
void tlb_wait_commands(Space& s);
// Takes stale entries and mappings wanted around `fill` into the slot's commands. Requires: Space::lock; false: space is dead.
bool tlb_prepare(Slot& s, Opt<VirtAddr> fill);
// After commands of an entry have failed (the host's limit of mappings): drops all mappings. False: the space is dead.
bool tlb_recover(Slot& s);

}  // namespace ostd::host
