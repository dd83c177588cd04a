// SPDX-License-Identifier: MPL-2.0
// signalfd.
#include <base/bytes.h>
#include <services/process/access.h>
#include <services/process/signal_api.h>
#include <services/process/signal_fd.h>

namespace svc::proc {
namespace {

struct Record {  // struct signalfd_siginfo
  u32 signo = 0;
  i32 error = 0, code = 0;
  u32 pid = 0, uid = 0;
  i32 fd = 0;
  u32 tid = 0, band = 0, overrun = 0, trapno = 0;
  i32 status = 0, value_int = 0;
  u64 value = 0, utime = 0, stime = 0, address = 0;
  u16 address_lsb = 0, pad2 = 0;
  i32 syscall = 0;
  u64 call_address = 0;
  u32 arch = 0, pad_a = 0;
  Array<u64, 3> pad{};
};
static_assert(sizeof(Record) == 128);

Record to_record(const SigInfo& i) {
  Record r{};
  r.signo = i.signo.value;
  r.error = i.error;
  r.code = i.code;
  r.pid = static_cast<u32>(i.pid.value);
  r.uid = i.uid.value;
  r.fd = i.fd;
  r.tid = static_cast<u32>(i.timer_id);
  r.band = static_cast<u32>(i.band);
  r.overrun = static_cast<u32>(i.overrun);
  r.status = i.status;
  r.value_int = static_cast<i32>(static_cast<u32>(i.value & 0xffff'ffff));
  r.value = i.value;
  r.utime = static_cast<u64>(i.utime);
  r.stime = static_cast<u64>(i.stime);
  r.address = i.address.value;
  return r;
}

}  // namespace

Result<usize> SignalFd::read(const Context& who, Writer& to) const {
  if (to.remaining() < sizeof(Record)) return Errc::invalid_argument;
  const Opt<Access::Running> me = Access::running(who, owner_->system()->tree());
  if (!me) return Errc::no_process;
  const SigSet wanted = mask().without(kUnblockable);
  Opt<SigInfo> first = take_pending(me->thread, me->process, wanted);
  if (!first) {
    if (nonblocking(who)) return Errc::again;
    const Result<SigInfo> waited = me->process.words().signal_wait.wait_for(Wait::interruptible, [&] { return take_pending(me->thread, me->process, wanted); });
    if (!waited.ok()) return Errc::restart_syscall;
    first = waited.value();
  }
  usize done = 0;
  while (first) {
    const Record r = to_record(*first);
    done += TRY(to.write(as_bytes(r)));
    first = to.remaining() >= sizeof(Record) ? take_pending(me->thread, me->process, wanted) : Opt<SigInfo>();
  }
  return done;
}

PollEvents SignalFd::poll() const {
  const SigSet wanted = mask();
  SigSet pending = owner_->pending();
  owner_->each_thread([&](const Ref<Thread>& t) {
    if (t->is_current()) pending = pending | t->own_pending();
  });
  return (pending & wanted).empty() ? PollEvents{} : poll::in;
}

}  // namespace svc::proc
