// SPDX-License-Identifier: MPL-2.0
// The records of the vCPUs: what other threads may ask of one (wake it, interrupt its user code).
//
// Raising an interrupt: set a bit of CpuFace::pending, then look at `sleeping` and `running` (all seq_cst). The vCPU does the
// opposite before it sleeps or enters user mode: it publishes the word, then looks at pending. So one of the two sees the other.
#pragma once
#include <base/atomic.h>
#include <ostd/cpu.h>
#include <ostd/target/cpu.h>

namespace ostd::host {

// kIrqArm: the ticker must be told of the deadline.
enum IrqBit : u32 { kIrqIpi = 1, kIrqTimer = 2, kIrqIo = 4, kIrqArm = 8 };

struct alignas(64) Vcpu : target::CpuFace {
  Atomic<u32> sleeping{0};           // futex word; 1: in idle
  Atomic<u32> running{0};            // slot number + 1 while its thread may run user code
  Atomic<u32> kickers{0};            // threads that have read `running` and may be sending a signal
  Atomic<u64> deadline{UINT64_MAX};  // armed one-shot timer, clock_ns
  u32 host_cpu = 0;                  // where it is bound
  u32 last_slot = ~0U;               // whose user code it ran last
  Atomic<u32> beside{0};             // bound for as long as threads of user code run beside it (handover.cpp)
  Atomic<u32> online{0};
};

extern Vcpu vcpus[kMaxCpus];
inline Vcpu& this_vcpu() { return static_cast<Vcpu&>(target::cpu_face()); }

// Sets the bits and makes the vCPU look at them soon. Any thread.
void raise(Vcpu& v, u32 bits);
// Waits until no thread is between reading some vCPU's `running` and its signal.
void wait_no_kickers();

}  // namespace ostd::host
