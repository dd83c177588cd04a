// SPDX-License-Identifier: MPL-2.0
// Stub processes: the zygote that clones them, their threads, the pool of idle ones, and the thread that notices their end.
// A stub is a child of this process (CLONE_PARENT), sends no signal when it ends, and is killed by the host when we end.
#include "linux/host_futex.h"
#include "linux/host_memory.h"
#include "linux/host_process.h"
#include "linux/host_seccomp.h"
#include "linux/host_features.h"
#include "linux/host_thread.h"
#include "task/vcpu.h"
#include "user/frame.h"
#include "user/gate.h"
#include "user/patch.h"
#include "user/slot.h"

#include <base/format.h>
#include <common/target.h>

extern "C" {
// The trampoline's section and symbols in it.
extern const char __start_stubtext[], __stop_stubtext[], stub_boot[];
}

namespace ostd::host {

constinit Slot slots[kMaxSlots]{};

namespace {
using stub::Ctl;

constexpr u32 kPoolMax = 16;
constexpr u32 kPoolSlots = 4;  // a pooled stub keeps at most that many parked threads

constinit Space g_spaces[kMaxSpaces]{};
constinit u8* g_exchange = nullptr;
constinit int g_exchange_file = -1;
constinit u32 g_zygote_slot = kNoSlot;
constinit Space g_zygote{};

// Free slots, free spaces and the pool.
constinit target::RawSpin g_tables{};
constinit u32 g_free_slot = kNoSlot, g_used_slots = 0;
constinit u32 g_free_space = 0;         // number + 1
constinit Atomic<u32> g_used_spaces{0};  // read by the reaper too
constinit u32 g_pool = 0, g_pooled = 0;
constinit target::RawSpin g_zygote_lock{};

u32 slot_new() {
  u32 i = kNoSlot;
  {
    Hold h(g_tables);
    if (g_free_slot != kNoSlot) {
      i = g_free_slot;
      g_free_slot = slots[i].next;
      return i;
    }
    if (g_used_slots == kMaxSlots) return kNoSlot;
    i = g_used_slots++;
  }
  if (back_memory(g_exchange_file, i * stub::kSlotSize, stub::kSlotSize) == 0) return i;
  Hold h(g_tables);
  slots[i].next = g_free_slot;
  g_free_slot = i;
  return kNoSlot;
}
void slot_free(u32 i) {
  Slot& s = slots[i];
  s.space = nullptr;
  s.tid.store(0);
  s.running.store(0);
  s.has_commands.store(0);
  s.bound = false;
  Hold h(g_tables);
  s.next = g_free_slot;
  g_free_slot = i;
}
void slot_setup(u32 i, Space& space) {
  Slot& s = slots[i];
  s.space = &space;
  s.number = space.slots++;
  s.next = space.first;
  s.host_cpu = kAnyHostCpu;
  s.in_a_row = 0;
  s.bases_unknown = true;
  s.bound = false;
  space.first = i;
  Ctl& c = ctl_of(s);
  // SAFETY: a plain struct in mapped memory; no stub thread uses this slot yet.
  // Isolated, nothing of the slot's last program is left for the next.
  __builtin_memset(static_cast<void*>(&c), 0, gate_on() ? stub::kSlotSize : sizeof c);
  c.state = 1;
  c.parent = static_cast<u32>(own_pid());
}

Space* space_new() {
  Hold h(g_tables);
  u32 n = g_free_space;
  if (n != 0) g_free_space = g_spaces[n - 1].next_free;
  else if (g_used_spaces.load() < kMaxSpaces) n = g_used_spaces.fetch_add(1) + 1;
  else return nullptr;
  Space& s = g_spaces[n - 1];
  s.pid.store(0);
  s.dead.store(0);
  s.ended.store(0);
  s.mappings = 0;
  s.runners.store(0);
  s.first = kNoSlot;
  s.slots = s.bound = 0;
  s.refs.store(0);
  s.cleaning = false;
  s.core = nullptr;
  s.stale_count = 0;
  s.stale_all = false;
  return &s;
}
void space_free(Space& s) {
  wait_no_kickers();  // one may have read a slot's number before its context left user mode for the last time
  patch_free(s);
  for (u32 i = s.first; i != kNoSlot;) {
    const u32 next = slots[i].next;
    slot_free(i);
    i = next;
  }
  Hold h(g_tables);
  s.pid.store(0);
  s.next_free = g_free_space;
  g_free_space = static_cast<u32>(&s - g_spaces) + 1;
}

void space_release(Space& s) {
  if (s.refs.fetch_sub(1) == 1) space_free(s);
}

Space* space_spawn() {
  Space* space = space_new();
  if (!space) return nullptr;
  const u32 i = slot_new();
  if (i == kNoSlot) {
    space_free(*space);
    return nullptr;
  }
  slot_setup(i, *space);
  stub::Cmd cmd{stub::kCmdSpawnProcess, {i * stub::kSlotSize}, -1};
  {
    Hold h(g_zygote_lock);
    gate_birth(slots[i]);
    if (!run_commands(slots[g_zygote_slot], &cmd, 1, nullptr)) panic("the zygote of the stub processes has died");
    if (cmd.ret > 0) {
      // Under the lock, so that the reaper finds the space of every process it sees end.
      slots[i].tid.store(static_cast<int>(cmd.ret));
      space->pid.store(slots[i].tid.load());
      gate_number(slots[i]);
      slots[i].host_cpu = slots[g_zygote_slot].host_cpu;  // inherited
      space->refs.store(2);
    }
    gate_born();
  }
  if (cmd.ret <= 0) {
    space_free(*space);
    return nullptr;
  }
  if (wait_back(slots[i])) return space;
  space_kill(*space, "it could not be started");
  space_release(*space);
  return nullptr;
}

// The space of a process id; nullptr when it is none of ours. A space that is being made has its pid once the lock is free.
Space* space_of(int pid) {
  Hold z(g_zygote_lock);
  for (u32 i = 0; i < g_used_spaces.load(); i++)
    if (g_spaces[i].pid.load() == pid) return &g_spaces[i];
  return nullptr;
}

// Wakes everybody who waits for a thread of a dead space.
void wake_waiters(Space& s) {
  for (u32 i = s.first; i != kNoSlot; i = slots[i].next) {
    Ctl& c = ctl_of(slots[i]);
    __atomic_store_n(&c.state, 0U, __ATOMIC_SEQ_CST);
    futex_wake(&c.state, ~0U, FutexScope::shared);
  }
}

constinit Atomic<bool> g_ending{false};
constinit target::RawSpin g_collect{};  // orders the end of a process number's life against signals to it

void lost(const Space& s, const Ended& e) {
  FixedText<160> t;
  format_to(t, "albireo-host: the host ended stub process {} ({} {}); the process it ran is lost\n", s.pid.load(),
            e.killed ? "signal" : "status", e.status);
  target::console_write_raw(t.view());
}

void reaper(void*) {
  for (;;) {
    const Ended e = wait_any_ended();
    if (e.pid == 0) return;  // no child is left: the zygote has gone
    if (e.pid == g_zygote.pid.load()) {
      if (!g_ending.load()) panic("the zygote of the stub processes has died");
      return;
    }
    Space* s = space_of(e.pid);
    if (!s) {
      collect(e.pid);
      continue;
    }
    if (s->dead.exchange(1) == 0 && !g_ending.load()) lost(*s, e);
    s->ended.store(1);
    futex_wake(futex_word(s->ended), ~0U, FutexScope::process);
    wake_waiters(*s);
    while (s->runners.load() != 0) yield_thread();
    wait_no_kickers();
    { Hold h(s->lock); }  // whoever is inside has seen `dead` or is done with the process number
    {
      Hold h(g_collect);
      s->pid.store(0);
      collect(e.pid);
    }
    space_release(*s);
  }
}

// What stopped it, or nullptr.
const char* start_zygote_process(int phys_file, Mode mode) {
  constexpr const char* kRefused = "the host refuses a process for the stubs";
  const u64 length = static_cast<u64>(__stop_stubtext - __start_stubtext);
  const int code = memory_file("albireo-trampoline", stub::kCodeSize);
  if (code < 0 || length > stub::kCodeSize || !write_file(code, 0, __start_stubtext, length)) return kRefused;
  const u32 i = slot_new();
  if (i == kNoSlot) return kRefused;
  g_zygote_slot = i;
  g_zygote.refs.store(1);
  slot_setup(i, g_zygote);
  write_stub_filter(g_exchange + i * stub::kSlotSize + stub::kFilterAt, mode == Mode::isolated ? Calls::asked : Calls::free);
  int here = -1, there = -1;
  if (mode == Mode::isolated && !listener_way(here, there)) return kRefused;
  const int pid = start_zygote({phys_file, g_exchange_file, code, there}, static_cast<u64>(stub_boot - __start_stubtext), i * stub::kSlotSize);
  if (pid < 0) return kRefused;
  g_zygote.pid.store(pid);
  slots[i].tid.store(pid);
  gate_number(slots[i]);
  if (mode == Mode::open) return nullptr;
  const int listener = listener_receive(here, there);
  if (listener < 0) return "the host does not let --isolated answer for its stubs (seccomp listeners, Linux 5.19 or newer)";
  return gate_setup() && gate_start(listener) ? nullptr : "the host refuses memory or a thread for --isolated";
}

}  // namespace

Ctl& ctl_of(const Slot& s) {
  // SAFETY: the whole exchange file is mapped for ever; a Ctl starts each slot of it.
  return *reinterpret_cast<Ctl*>(g_exchange + index_of(s) * stub::kSlotSize);
}

u32 slots_used() {
  Hold h(g_tables);
  return g_used_slots;
}

const char* stubs_start(int phys_file, bool patch_sites, Mode mode) {
  if (!has_fsgsbase()) return "the host does not let programs set FS and GS base (FSGSBASE, Linux 5.9 or newer)";
  constexpr u64 kSlotBytes = kMaxSlots * stub::kSlotSize, kBytes = kSlotBytes + kPatchPages * kPageSize;
  g_exchange_file = memory_file("albireo-exchange", kBytes);
  if (g_exchange_file < 0) return "the host refuses a memory file";
  g_exchange = map_memory(g_exchange_file, 0, kBytes, MapRights::read_write);
  if (!g_exchange) return "the host refuses to map the exchange file";
  patch_setup(patch_sites, g_exchange + kSlotBytes, kSlotBytes);
  if (const char* why = start_zygote_process(phys_file, mode)) return why;
  if (!start_thread(reaper, nullptr, "reaper")) return "the host refuses a thread";
  if (!wait_back(slots[g_zygote_slot])) return "the first stub process ended at once (does the host allow seccomp filters?)";
  if (!learn_fpu_format(slots[g_zygote_slot])) return "the host does not save FPU state by XSAVE";
  return nullptr;
}

bool back_memory_of_exchange(u64 offset, u64 size) { return back_memory(g_exchange_file, offset, size) == 0; }

Space* space_take() {
  for (;;) {
    Space* s = nullptr;
    {
      Hold h(g_tables);
      if (g_pool == 0) break;
      s = &g_spaces[g_pool - 1];
      g_pool = s->next_free;
      g_pooled--;
    }
    u32 failed = 0;
    if (!s->cleaning || (finish_commands(slots[s->first], &failed) && failed == 0)) {
      s->cleaning = false;
      if (s->dead.load() == 0) return s;
    }
    space_kill(*s, kNoAnswer);
    space_release(*s);
  }
  return space_spawn();
}

void space_give_back(Space& s) {
  s.core = nullptr;
  s.stale_count = 0;
  s.stale_all = false;
  if (gate_on()) {
    // Nothing that a hostile program has run in is used again, and its memory is freed only when it cannot touch it any more.
    space_kill(s, {});
    space_wait_end(s);
    return space_release(s);
  }
  patch_free(s);
  if (s.bound == 0 && s.slots <= kPoolSlots && s.dead.load() == 0) {
    // The caller does not wait until all is unmapped: who takes it out of the pool does.
    const stub::Cmd drop{11 /* munmap */, {0, stub::kTop}, 0};
    s.cleaning = true;
    Hold h(g_tables);
    if (g_pooled < kPoolMax) {
      start_commands(slots[s.first], &drop, 1);
      s.next_free = g_pool;
      g_pool = static_cast<u32>(&s - g_spaces) + 1;
      g_pooled++;
      return;
    }
  }
  space_kill(s, {});
  space_release(s);
}

void space_kill(Space& s, std::string_view why) {
  if (s.dead.exchange(1) != 0) return;
  int pid = 0;
  {
    Hold h(g_collect);
    pid = s.pid.load();
    if (pid > 0) kill_process(pid);
  }
  if (why.empty()) return;
  FixedText<240> t;
  format_to(t, "albireo-host: stub process {}: {}; the program it runs is ended\n", pid, why);
  target::console_write_raw(t.view());
}
void space_wait_end(Space& s) {
  while (s.ended.load() == 0) futex_wait(futex_word(s.ended), 0, host_clock_ns() + 100'000'000, FutexScope::process);
}

void stubs_expect_end() { g_ending.store(true); }

Slot* parked_slot(Space& space) {
  for (Patience p;;) {
    if (space.dead.load() != 0) return nullptr;
    Slot* running = nullptr;
    for (u32 i = space.first; i != kNoSlot; i = slots[i].next) {
      if (slots[i].tid.load() == 0) continue;
      if (slots[i].running.load() == 0) return &slots[i];
      running = &slots[i];
    }
    if (!running) return nullptr;
    if (p.out()) space_kill(space, kNoAnswer);
    signal_thread(space.pid.load(), running->tid.load(), stub::kSigInterrupt);
    for (u32 n = 0; running->running.load() != 0 && n < 64; n++) yield_thread();
  }
}

void fetch_all(Space& space) {
  Patience p;
  for (u32 i = space.first; i != kNoSlot; i = slots[i].next)
    while (slots[i].running.load() != 0 && space.dead.load() == 0) {
      if (p.out()) space_kill(space, kNoAnswer);
      signal_thread(space.pid.load(), slots[i].tid.load(), stub::kSigInterrupt);
      for (u32 n = 0; slots[i].running.load() != 0 && n < 64; n++) yield_thread();
    }
}

Slot* slot_bind(Space& space) {
  Hold h(space.lock);
  Slot* got = nullptr;
  for (u32 i = space.first; i != kNoSlot && !got; i = slots[i].next)
    if (!slots[i].bound && slots[i].tid.load() != 0) got = &slots[i];
  if (!got) {
    if (space.slots >= stub::kSlotsOfStub) return nullptr;
    Slot* helper = parked_slot(space);
    const u32 i = helper ? slot_new() : kNoSlot;
    if (i == kNoSlot) return nullptr;
    slot_setup(i, space);
    stub::Cmd cmd{stub::kCmdSpawnThread, {slots[i].number, i * stub::kSlotSize}, -1};
    if (!run_commands(*helper, &cmd, 1, nullptr) || cmd.ret <= 0) {
      if (gate_on()) return nullptr;  // whatever it says, the slot may be mapped there: it stays with the space, without a thread
      space.first = slots[i].next;  // still the first: the lock is held
      space.slots--;
      slot_free(i);
      return nullptr;
    }
    if (cmd.ret > INT32_MAX || !signal_thread(space.pid.load(), static_cast<int>(cmd.ret), 0)) {
      space_kill(space, "it named a thread that is not its own");
      return nullptr;
    }
    slots[i].tid.store(static_cast<int>(cmd.ret));
    gate_number(slots[i]);
    slots[i].host_cpu = helper->host_cpu;
    if (!wait_back(slots[i])) return nullptr;
    got = &slots[i];
  }
  if (!make_frame(*got)) return nullptr;
  got->bound = true;
  got->bases_unknown = true;
  space.bound++;
  space.refs.fetch_add(1);
  return got;
}

void slot_unbind(Slot& s) {
  Space& space = *s.space;
  {
    Hold h(space.lock);
    s.bound = false;
    space.bound--;
  }
  space_release(space);
}

}  // namespace ostd::host
