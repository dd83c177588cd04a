// SPDX-License-Identifier: MPL-2.0
// Starting vCPUs, and stopping them at the end.
#include "task/vcpu.h"

#include "linux/host_process.h"
#include "linux/host_signals.h"
#include "linux/host_thread.h"
#include "options.h"
#include "user/slot.h"

#include <common/target.h>

extern "C" __thread ostd::target::CpuFace* ostd_host_cpu = nullptr;

namespace ostd::host {

constinit Vcpu vcpus[kMaxCpus]{};

namespace {
void become(Vcpu& v, u32 index) {
  v.index = index;
  // SAFETY: the record is static; set before any OS code runs on this thread.
  ostd_host_cpu = &v;
  signals_crash_stack();
  if (const Placement& p = placement(); p.bind) {
    v.host_cpu = p.cpus[index % p.count];
    bind_thread(0, v.host_cpu);
  }
}
void other_cpu(void* arg) {
  Vcpu& v = *static_cast<Vcpu*>(arg);
  become(v, static_cast<u32>(&v - vcpus));
  common::cpu_main(v.index);
}
}  // namespace

void become_cpu0() { become(vcpus[0], 0); }

}  // namespace ostd::host

using namespace ostd;

u32 ostd::target::cpu_count() { return host::options().cpus; }
void ostd::target::start_other_cpus() {
  for (u32 i = 1; i < host::options().cpus; i++)
    if (!host::start_thread(host::other_cpu, &host::vcpus[i], "vcpu")) panic("the host refuses a thread for a vCPU");
}
void ostd::target::give_way() { host::yield_thread(); }
void ostd::target::stop_other_cpus() {}  // the process ends soon after, and with it their threads
