// SPDX-License-Identifier: MPL-2.0
// CPUs of the machine, sets of them, CPU-local data, calls to other CPUs. [kernel: processors; host: vCPU threads]
#pragma once
#include <base/annotations.h>
#include <base/fn.h>
#include <base/string.h>
#include <base/trap.h>
#include <base/types.h>
#include <ostd/detail/cpu_head.h>

namespace ostd {

inline constexpr u32 kMaxCpus = 64;

// A set of CPUs; plain value.
class CpuSet {
 public:
  constexpr CpuSet() = default;
  static constexpr CpuSet from_bits(u64 b) { CpuSet s; s.bits_ = b; return s; }
  static CpuSet all();  // every CPU that is online
  static constexpr CpuSet only(CpuId c) { return from_bits(1ULL << (static_cast<u32>(c) & 63)); }
  constexpr u64 bits() const { return bits_; }
  constexpr bool has(CpuId c) const { return bits_ >> (static_cast<u32>(c) & 63) & 1; }
  constexpr void add(CpuId c) { bits_ |= only(c).bits_; }
  constexpr void remove(CpuId c) { bits_ &= ~only(c).bits_; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr CpuSet operator&(CpuSet o) const { return from_bits(bits_ & o.bits_); }
  constexpr bool operator==(const CpuSet&) const = default;

 private:
  u64 bits_ = 0;
};

namespace cpu {
u32 count();      // CPUs online, fixed after boot, 1..kMaxCpus
CpuId current();  // where the caller runs; may change at the next preemption point unless preemption is off

// What a CPU has spent its time with since it came up, up to now, and how often it has switched tasks.
struct Times {
  Duration user{}, nice{};  // user mode; nice: of tasks with a nice value above 0
  Duration system{};
  Duration idle{};
  u64 switches = 0;
};
Times times(CpuId cpu);   // all 0 for a CPU that is not online

// The CPUID instruction on the CPU where the caller runs. [sdm2 CPUID]
struct CpuidRegs {
  u32 a = 0, b = 0, c = 0, d = 0;
};
CpuidRegs cpuid(u32 leaf, u32 subleaf = 0);
// What the processors give away when they speculate, by Linux's names, a blank before each.
String bugs();
// While user code runs nothing of the OS's memory is mapped but what entering it needs. Host: false, its kernel's affair.
bool user_isolated();

// Runs f on each CPU of `set` (on the caller's own directly) and returns when all have run. f runs with interrupts off
// (host: at a preemption point of that CPU), must not sleep or take locks that are not IrqMode::off.
// Requires (checked): the caller holds no spinlock and is not in an interrupt callback.
void call_on(CpuSet set, FnRef<void()> f);
}  // namespace cpu

// While one lives the task is not preempted and stays on its CPU. Not for long sections; sleeping with it is a panic.
class [[nodiscard]] OSTD_OWNED PreemptGuard {
 public:
  PreemptGuard() { detail::preempt_off(); }
  ~PreemptGuard() { detail::preempt_on(); }
  PreemptGuard(const PreemptGuard&) = delete;
};
// While one lives interrupt callbacks do not run on this CPU.
class [[nodiscard]] OSTD_OWNED IrqGuard {
 public:
  IrqGuard();
  ~IrqGuard();
  IrqGuard(const IrqGuard&) = delete;

 private:
  bool was_on_;
};

// One T for each CPU. `with` gives this CPU's T with preemption off; f must not sleep.
template <class T>
class OSTD_SYNC OSTD_OWNED CpuLocal {
 public:
  CpuLocal() = default;
  template <class F>
  decltype(auto) with(OSTD_NOESCAPE F&& f) const {
    PreemptGuard g;
    return f(slots_[static_cast<u32>(cpu::current())].value);
  }
  // Another CPU's T: only for T made of Atomics (statistics), hence const.
  template <class F>
  decltype(auto) peek(CpuId c, OSTD_NOESCAPE F&& f) const {
    OSTD_CHECK(static_cast<u32>(c) < kMaxCpus);
    return f(static_cast<const T&>(slots_[static_cast<u32>(c)].value));
  }

 private:
  struct alignas(64) Slot { T value{}; };
  mutable Slot slots_[kMaxCpus];
};

}  // namespace ostd
