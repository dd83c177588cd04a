// SPDX-License-Identifier: MPL-2.0
// What tests may ask for, as options of prctl(2): only when the command line has albireo.testing; otherwise EINVAL, as for any
// option that Linux does not know. apps/testing/door.h has the user's side.
#include <services/syscall/sys_system.h>

namespace svc::sys {
namespace {

constexpr u32 kDenyCall = 0x414c'4201, kDenyFault = 0x414c'4202, kOutcome = 0x414c'4203, kMemory = 0x414c'4204, kCount = 0x414c'4205,
              kCalls = 0x414c'4206, kPlant = 0x414c'4207;
constexpr u8 kSecret = 0xb5;
constexpr i64 kRefused = 1 << 30;

struct UserMemory { Array<u64, 8> w{}; };
struct UserCallEnds { Array<u64, 5> w{}; };

SysResult memory(Caller& c, VirtAddr out) {
  const mem::MemoryStats m = mem::stats();
  const AccountStats a = c.system().account()->stats();
  const UserMemory u{{m.free_pages, m.user_pages, m.table_pages, m.stack_pages, m.heap_pages, m.heap_bytes, a.committed_pages, m.over_budget}};
  TRY(user::write(c.address_space(), out, u));
  return 0;
}

// All numbers' ends since the last time, one after the other.
SysResult calls(Caller& c, VirtAddr out) {
  const Opt<Own<proc::CallCounts>>& counts = c.system().call_counts();
  if (!counts) return Errc::invalid_argument;
  for (u64 n = 0; n < proc::CallCounts::kNumbers; ++n) {
    const proc::CallCounts::Ends e = (*counts)->take(n);
    const UserCallEnds u{{e.successes, e.interruptions, e.errnos[0], e.errnos[1], e.errnos[2]}};
    TRY(user::write(c.address_space(), VirtAddr(out.value + n * sizeof(u)), u));
  }
  return 0;
}

// Leaves kSecret wherever memory is used again: in blocks of the heap of every size, in frames, and below the stack of the
// caller's next call. `out` gets what was on the stack: the page is where the compiler cannot see, so that it has to be there.
SysResult plant(Caller& c, VirtAddr out) {
  TRY(mem::reserve(400));
  {
    Vec<Vec<u8>> blocks{};
    for (usize size = 16; size <= 65536; size *= 2)
      for (u32 i = 0; i < 4; ++i) blocks.push_back(Vec<u8>::filled(size - i * 3, kSecret));
    Vec<UFrame> frames{};
    const Vec<u8> page = Vec<u8>::filled(kPageSize, kSecret);
    for (u32 i = 0; i < 32; ++i) {
      frames.push_back(UFrame::alloc());
      frames.back().write(0, page.items());
    }
  }
  Array<u8, 900> local{};
  for (u8& b : local.items()) b = kSecret;
  TRY(user::write_bytes(c.address_space(), out, local.items()));
  return 0;
}

}  // namespace

// kDenyCall, kDenyFault: the a-th reservation of this thread's next call or fault is refused. kOutcome: how many reservations
// that made, plus kRefused when one was refused. kMemory: counters of the machine's memory to `a`. kCount: the calls of
// this thread, and of those it makes, are counted from now on. kCalls: those counts to `a`, and all zero again. kPlant: the secret is left in memory
// that is used again, and once at `a`.
SysResult test_call(Caller& c, u32 option, u64 a) {
  switch (option) {
    case kDenyCall:
      c.denial.next_call = static_cast<u32>(a);
      return 0;
    case kDenyFault:
      c.denial.next_fault = static_cast<u32>(a);
      return 0;
    case kOutcome: return static_cast<i64>(c.denial.reservations) + (c.denial.refused ? kRefused : 0);
    case kMemory: return memory(c, VirtAddr(a));
    case kCount:
      c.me().words().traced.fetch_or(proc::watch::counted);
      return 0;
    case kCalls: return calls(c, VirtAddr(a));
    case kPlant: return plant(c, VirtAddr(a));
    default: return Errc::invalid_argument;
  }
}

}  // namespace svc::sys
