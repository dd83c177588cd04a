// SPDX-License-Identifier: MPL-2.0
#include "user/gate.h"

#include "linux/host_memory.h"
#include "linux/host_process.h"
#include "linux/host_seccomp.h"
#include "linux/host_thread.h"
#include "options.h"

#include <base/format.h>

namespace ostd::host {

namespace {
constexpr u64 kMmap = 9, kMunmap = 11, kClone = 56;

// arguments: how many of them matter to the host.
struct Call { u64 nr; u64 a[6]; u32 arguments; };

// What one slot's thread may do next: call[next] to call[n - 1], then the fence if there is one.
struct Notes {
  target::RawSpin lock;
  u32 n, next;
  bool fence, skipped;
  Call call[stub::kMaxCmds + 1];
};

constinit Notes* g_notes = nullptr;  // of each slot
constinit u64 g_most = 0;
constinit Atomic<int> g_thread{0};
constinit u32 g_near = kAnyHostCpu;
constinit int g_listener = -1;
constinit Atomic<u32> g_birth{0};    // slot number + 1
// Where a thread's slot probably is, by the low bits of its number.
constinit Atomic<u32> g_hint[65536]{};

Notes& notes_of(const Slot& s) { return g_notes[index_of(s)]; }
u32 hint_of(int tid) { return static_cast<u32>(tid) % (sizeof g_hint / sizeof g_hint[0]); }

// Is it this slot's living thread? A dead space may name a number that the host has given to another thread since.
bool is_thread(const Slot& s, int tid) {
  const Space* space = __atomic_load_n(&s.space, __ATOMIC_ACQUIRE);
  if (s.tid.load() != tid || !space) return false;
  const int pid = space->pid.load();
  return pid > 0 && signal_thread(pid, tid, 0);
}
Slot* slot_of(int tid) {
  if (const u32 h = g_hint[hint_of(tid)].load(); h != 0 && is_thread(slots[h - 1], tid)) return &slots[h - 1];
  for (u32 i = 0; i < slots_used(); i++)
    if (is_thread(slots[i], tid)) return &slots[i];
  return nullptr;
}
// A process that is being born is the first thread of its group; one that a program has made a thread of is not.
Slot* newborn(int tid) {
  const u32 b = g_birth.load();
  return b != 0 && signal_thread(tid, tid, 0) ? &slots[b - 1] : nullptr;
}

enum class Answer : u8 { let, done, refuse };

Answer judge(Slot& s, const AskedCall& c) {
  Notes& t = notes_of(s);
  Hold h(t.lock);
  if (c.nr == stub::kFenceCall) {
    if (!t.fence) return Answer::refuse;
    t.skipped |= t.next != t.n;
    t.fence = false;
    t.n = t.next = 0;
    return Answer::done;
  }
  if (t.next == t.n) return Answer::refuse;
  const Call& told = t.call[t.next];
  bool same = told.nr == c.nr;
  for (u32 i = 0; i < told.arguments; i++) same &= told.a[i] == c.a[i];
  if (!same) return Answer::refuse;
  t.next++;
  return Answer::let;
}

void gate(void*) {
  g_thread.store(own_tid());
  for (;;) {
    AskedCall c;
    if (!asked_next(g_listener, c)) continue;
    Slot* s = slot_of(c.tid);
    if (!s) s = newborn(c.tid);
    if (!s) s = slot_of(c.tid);  // its number was noted in between
    const Answer a = s ? judge(*s, c) : Answer::refuse;
    if (a == Answer::let) {
      asked_let(g_listener, c);
      continue;
    }
    if (a == Answer::refuse) {
      static FixedText<120> why;
      why.clear();
      format_to(why, "it made a host call that it was not told to make ({}, {:#x}, {:#x})", c.nr, c.a[0], c.a[1]);
      if (s) space_kill(*s->space, why.view());
      else kill_thread_group_of(c.tid);
    }
    asked_skip(g_listener, c, a == Answer::done);
  }
}

void note(Notes& t, const Call& c) { t.call[t.n++] = c; }

void note_command(Notes& t, const stub::Cmd& c) {
  switch (c.nr) {
    case kMmap: return note(t, {c.nr, {c.a[0], c.a[1], c.a[2], c.a[3], c.a[4], c.a[5]}, 6});
    case kMunmap: return note(t, {c.nr, {c.a[0], c.a[1]}, 2});
    case stub::kCmdSpawnProcess: return note(t, {kClone, {0x8000, 0, 0, 0, 0}, 5});
    case stub::kCmdSpawnThread: {  // alone in its batch
      const u64 at = stub::kSlotVa + c.a[0] * stub::kSlotSize;
      note(t, {kMmap, {at, stub::kSlotSize, 3, 0x11, static_cast<u64>(stub::kFdExchange), c.a[1]}, 6});
      return note(t, {kClone, {0x50f00, at + stub::kFastStackEnd, 0, 0, 0}, 5});
    }
    default: panic("a command that no stub may be given");
  }
}
}  // namespace

bool gate_on() { return g_notes != nullptr; }
bool gate_setup() {
  // SAFETY: fresh zeros, which is what a Notes without notes is; mapped for ever.
  g_notes = reinterpret_cast<Notes*>(map_memory(-1, 0, kMaxSlots * sizeof(Notes), MapRights::read_write));
  g_most = most_mappings();
  return g_notes != nullptr;
}
void gate_near(u32 host_cpu) {
  if (!gate_on() || options().cpus != 1 || g_near == host_cpu || g_thread.load() == 0) return;
  g_near = host_cpu;
  bind_thread(g_thread.load(), host_cpu);
}
u64 gate_most_mappings() { return g_most; }
bool gate_start(int listener) {
  g_listener = listener;
  return start_thread(gate, nullptr, "gate");
}

bool gate_tell(Slot& s, const stub::Cmd* cmds, u32 n) {
  if (!gate_on()) return false;
  Notes& t = notes_of(s);
  Hold h(t.lock);
  t.n = t.next = 0;
  t.skipped = false;
  for (u32 i = 0; i < n; i++) note_command(t, cmds[i]);
  t.fence = n != 0 && s.space->slots > 1;
  return t.fence;
}
bool gate_settle(Slot& s) {
  if (!gate_on()) return true;
  Notes& t = notes_of(s);
  Hold h(t.lock);
  const bool all = t.next == t.n && !t.fence && !t.skipped;
  t.n = t.next = 0;
  t.fence = t.skipped = false;
  return all;
}
bool gate_pending(const Slot& s) {
  Notes& t = notes_of(s);
  Hold h(t.lock);
  return t.next != t.n || t.fence;
}
void gate_birth(Slot& s) {
  if (!gate_on()) return;
  {
    Notes& t = notes_of(s);
    Hold h(t.lock);
    t.n = t.next = 0;
    t.fence = t.skipped = false;
    note(t, {kMmap, {stub::kSlotVa, stub::kSlotSize, 3, 0x11, static_cast<u64>(stub::kFdExchange), index_of(s) * stub::kSlotSize}, 6});
  }
  g_birth.store(index_of(s) + 1);
}
void gate_born() { g_birth.store(0); }
void gate_number(const Slot& s) { g_hint[hint_of(s.tid.load())].store(index_of(s) + 1); }

}  // namespace ostd::host
