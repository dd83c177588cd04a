// SPDX-License-Identifier: MPL-2.0
// rseq, membarrier, getcpu. [rseq(2) of Linux 6.12, membarrier(2), getcpu(2)]
#include <services/process/rseq.h>
#include <services/syscall/sys_rseq.h>

namespace svc::sys {
namespace {

constexpr u32 kUnregister = 1;
constexpr u32 kFirstSize = 32;  // of the area as it was at first: aligned to its size

// Of an area that is not registered yet. Errors: invalid_argument, fault.
Status check_area(VirtAddr at, u32 length) {
  if (length < kFirstSize || (at.value & (proc::kRseqAlign - 1)) != 0) return Errc::invalid_argument;
  if (at.value > kUserEnd.value || length > kUserEnd.value - at.value) return Errc::fault;
  return Ok();
}

// Commands of membarrier; those that register have the next bit.
namespace mb {
constexpr u32 global = 1, global_expedited = 2, register_global = 4, private_ = 8, register_private = 16, sync_core = 32, register_sync_core = 64,
              rseq = 128, register_rseq = 256, registrations = 512, all = 1023;
constexpr u32 flag_cpu = 1;
}

// What has been registered; for those of a kind of their own, the plain one is reported, too, but not ready by that.
void enroll(CapRef<proc::Process, proc::process::self> p, u32 command) {
  p.words().membarrier_registered.fetch_or(command);
}
u32 reported(u32 registered) {
  return registered | ((registered & (mb::register_sync_core | mb::register_rseq)) != 0 ? mb::register_private : 0);
}

// Each CPU leaves user mode, which orders memory; cpuid orders the instructions of this one, too [sdm3 9.3].
SysResult everywhere() {
  cpu::call_on(CpuSet::all(), [] {});
  static_cast<void>(cpu::cpuid(0));
  return 0;
}

// Threads that run user code now start their sequences over before any more of it.
SysResult restart_sequences(Caller& c, Opt<u32> on) {
  c.self().restart_sequences(on);
  return everywhere();
}

}  // namespace

// Errors: EINVAL, EPERM (another signature), EBUSY, EFAULT.
SysResult sys_rseq(Caller& c, VirtAddr area, u32 length, u32 flags, u32 signature) {
  const CapRef<proc::Thread, proc::thread::self> me = c.me();
  const proc::Thread::Words& w = me.words();
  const u64 now = w.rseq.load();
  if (flags > kUnregister) return Errc::invalid_argument;
  if (flags == kUnregister && now == 0) return Errc::invalid_argument;
  if (now != 0) {
    if (now != area.value || length != w.rseq_length.load()) return Errc::invalid_argument;
    if (signature != w.rseq_signature.load()) return Errc::not_permitted;
    if (flags != kUnregister) return Errc::busy;
    TRY(proc::rseq_unregister(c));
    return 0;
  }
  TRY(check_area(area, length));
  TRY(proc::rseq_register(c, area, length, signature));
  return 0;
}

// Errors: EINVAL, EPERM (not registered).
SysResult sys_membarrier(Caller& c, u32 command, u32 flags, i32 cpu) {
  if (flags != 0 && (command != mb::rseq || flags != mb::flag_cpu)) return Errc::invalid_argument;
  const CapRef<proc::Process, proc::process::self> p = c.self();
  const u32 registered = p.words().membarrier_registered.load();
  switch (command) {
    case 0: return static_cast<i64>(mb::all);
    case mb::register_global:
    case mb::register_private:
    case mb::register_sync_core:
    case mb::register_rseq: enroll(p, command); return 0;
    case mb::registrations: return static_cast<i64>(reported(registered));
    case mb::private_:
    case mb::sync_core:
    case mb::rseq:
      if ((registered & (command << 1)) == 0) return Errc::not_permitted;
      if (command == mb::rseq) return restart_sequences(c, flags != 0 && cpu >= 0 ? Opt<u32>(static_cast<u32>(cpu)) : Opt<u32>());
      return everywhere();
    case mb::global:
    case mb::global_expedited: return everywhere();
    default: return Errc::invalid_argument;
  }
}

// Both are tried even if one cannot be written, as on Linux.
SysResult sys_getcpu(Caller& c, UserPtr<u32> cpu, UserPtr<u32> node) {
  const u32 here = static_cast<u32>(cpu::current());
  bool bad = false;
  if (!cpu.null()) bad = !user::write(c.address_space(), cpu.at, here).ok();
  if (!node.null() && !user::write(c.address_space(), node.at, u32{0}).ok()) bad = true;
  return bad ? SysResult(Errc::fault) : SysResult(0);
}

}  // namespace svc::sys
