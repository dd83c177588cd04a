// SPDX-License-Identifier: MPL-2.0
// ptrace: requests of tracers. [ptrace(2)] Errors in Linux's order: ESRCH (no such thread, not the caller's tracee, not stopped), then
// those of the request.
#include <services/process/access.h>
#include <services/syscall/ptrace_regs.h>
#include <services/syscall/sys_ptrace.h>

namespace svc::sys {
namespace {

using proc::ProcessTree;
using proc::Thread;
using proc::Tracee;
namespace watch = proc::watch;
namespace topt = proc::trace_option;
using Tracing = CapRef<Thread, proc::thread::tracer>;

namespace rq {
constexpr u64 traceme = 0, peektext = 1, peekdata = 2, peekuser = 3, poketext = 4, pokedata = 5, pokeuser = 6, cont = 7, kill = 8, singlestep = 9, getregs = 12,
              setregs = 13, getfpregs = 14, setfpregs = 15, attach = 16, detach = 17, oldsetoptions = 21, syscall = 24, arch_prctl = 30, sysemu = 31,
              sysemu_singlestep = 32, singleblock = 33, setoptions = 0x4200, geteventmsg = 0x4201, getsiginfo = 0x4202, setsiginfo = 0x4203, getregset = 0x4204,
              setregset = 0x4205, seize = 0x4206, interrupt = 0x4207, listen = 0x4208, peeksiginfo = 0x4209, getsigmask = 0x420a, setsigmask = 0x420b,
              get_syscall_info = 0x420e;
}
constexpr u64 kPrStatus = 1, kPrFpReg = 2, kXState = 0x202;

// Errors: invalid_argument, not_permitted.
Status check_options(Caller& c, u64 o) {
  if ((o & ~static_cast<u64>(topt::all)) != 0) return Errc::invalid_argument;
  if ((o & topt::suspend_seccomp) != 0 && !c.capable(Capability::sys_admin)) return Errc::not_permitted;
  return Ok();
}

// The tracer of a program that asks for it: the thread that made it, else one of its parent's.
Opt<Ref<Thread>> parent_thread(Caller& c) {
  const Opt<Ref<proc::Process>> p = c.system().tree().parent(*c.process());
  if (!p) return none;
  const Opt<Ref<Thread>> maker = c.system().tree().thread(c.process()->creator());
  if (maker && (*maker)->process().same(**p)) return maker;
  return (*p)->any_thread();
}

SysResult traceme(Caller& c) {
  if ((c.traced() & watch::ptraced) != 0) return Errc::not_permitted;
  const Opt<Ref<Thread>> by = parent_thread(c);
  if (!by) return 0;
  const Ref<Tracee> shared = make_ref<Tracee>(0U, false, c.context().fpu_size());
  const ProcessTree::Tracer tracer{(*by)->tid(), (*by)->process()->pid(), c.capable(Capability::sys_ptrace)};
  TRY(c.system().tree().attach(tracer, c.own_thread(), shared));
  return 0;
}

SysResult attach(Caller& c, const Ref<Thread>& t, bool seize, VirtAddr addr, u64 options) {
  if (seize) {
    if (addr.value != 0 || (options & ~static_cast<u64>(topt::all)) != 0) return Errc::io;
    TRY(check_options(c, options));
  }
  Cap<Thread, proc::thread::tracer> cap = TRY(proc::Access::attach(c, t));
  const Cap<Thread, proc::thread::tracer> mine = cap.dup();
  const Ref<Tracee> shared = make_ref<Tracee>(seize ? static_cast<u32>(options) : 0U, seize, c.context().fpu_size());
  const ProcessTree::Tracer tracer{c.thread()->tid(), c.process()->pid(), c.capable(Capability::sys_ptrace)};
  TRY(c.system().tree().attach(tracer, std::move(cap), shared));
  const bool stopped = t->process()->stopped();
  if (!seize) static_cast<void>(mine.send(proc::SigInfo::kernel(proc::sig::stop)).ok());
  // One that is stopped already stops for its tracer now.
  if (stopped) {
    shared->demand_trap();
    mine.attend();
  }
  return 0;
}

// ---- memory ----
using Memory = Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>;
SysResult peek(Caller& c, Tracing t, VirtAddr at, u64 data) {
  const Opt<Memory> m = t.memory();
  Array<u8, 8> word{};
  if (!m || !(*m).peek(at, word.items()).ok()) return Errc::io;
  TRY(user::write(c.address_space(), VirtAddr(data), word));
  return 0;
}
SysResult poke(Tracing t, VirtAddr at, u64 value) {
  const Opt<Memory> m = t.memory();
  Array<u8, 8> word{};
  for (usize i = 0; i < 8; ++i) word[i] = static_cast<u8>(value >> (8 * i) & 0xff);
  if (!m || !(*m).poke(at, word.items()).ok()) return Errc::io;
  return 0;
}

// ---- registers ----
SysResult set_regs(const Tracee& shared, const RawRegs& r, usize count) {
  return shared.state().with([&](Tracee::State& s) -> SysResult {
    for (usize i = 0; i < count; ++i) TRY(set_raw_reg(s.view, i, r.v[i]));
    return 0;
  });
}

struct UserIov { u64 base = 0, length = 0; };

// Errors: EINVAL (no such set, not whole registers), EFAULT, and those of the registers.
SysResult regset(Caller& c, const Tracee& shared, bool set, u64 type, VirtAddr at) {
  UserIov iov = TRY(user::read<UserIov>(c.address_space(), at));
  if ((type != kPrStatus && type != kPrFpReg && type != kXState) || iov.length % 8 != 0) return Errc::invalid_argument;
  const usize fpu = c.context().fpu_size();
  const u64 whole = type == kPrStatus ? sizeof(RawRegs) : type == kPrFpReg ? kFxsave : fpu;
  if (type == kXState && fpu <= kFxsave) return Errc::no_device;
  if (iov.length > whole) iov.length = whole;
  const AddressSpace& space = c.address_space();
  if (type == kPrStatus) {
    RawRegs r = shared.state().with([](Tracee::State& s) { return proc::raw_regs(s.view.regs, s.view.call); });
    for (usize i = 0; i < iov.length / 8; ++i) {
      if (set) r.v[i] = TRY(user::read<u64>(space, VirtAddr(iov.base + i * 8)));
      else TRY(user::write(space, VirtAddr(iov.base + i * 8), r.v[i]));
    }
    if (set) TRY(set_regs(shared, r, iov.length / 8));
  } else if (set) {
    if (type == kXState && iov.length != whole) return Errc::fault;
    const Vec<u8> bytes = TRY(user::read_array<u8>(space, VirtAddr(iov.base), iov.length));
    TRY(set_fpu_state(shared, bytes.items()));
  } else {
    const Vec<u8> bytes = TRY(fpu_state(shared, c.context().fpu_features()));
    const u64 n = iov.length < bytes.size() ? iov.length : bytes.size();
    TRY(user::write_bytes(space, VirtAddr(iov.base), bytes.items().first(n)));
  }
  TRY(user::write(space, at + 8, iov.length));
  return 0;
}

SysResult get_fpregs(Caller& c, const Tracee& shared, VirtAddr at) {
  const Vec<u8> bytes = TRY(fpu_state(shared, c.context().fpu_features()));
  TRY(user::write_bytes(c.address_space(), at, bytes.items().first(kFxsave)));
  return 0;
}
SysResult set_fpregs(Caller& c, const Tracee& shared, VirtAddr at) {
  const Vec<u8> bytes = TRY(user::read_array<u8>(c.address_space(), at, kFxsave));
  TRY(set_fpu_state(shared, bytes.items()));
  return 0;
}

// ---- signals ----
SysResult get_siginfo(Caller& c, const Tracee& shared, VirtAddr at) {
  const Opt<proc::RawSigInfo> i = shared.state().with([](Tracee::State& s) { return s.view.info; });
  if (!i) return Errc::invalid_argument;
  TRY(user::write(c.address_space(), at, *i));
  return 0;
}
SysResult set_siginfo(Caller& c, const Tracee& shared, VirtAddr at) {
  const proc::RawSigInfo i = TRY(user::read<proc::RawSigInfo>(c.address_space(), at));
  return shared.state().with([&](Tracee::State& s) -> SysResult {
    if (!s.view.info) return Errc::invalid_argument;
    s.view.info = Opt<proc::RawSigInfo>(i);
    s.view.info_changed = true;
    return 0;
  });
}

struct PeekArgs { u64 offset = 0; u32 flags = 0; i32 count = 0; };
SysResult peek_siginfo(Caller& c, Tracing t, VirtAddr args, u64 to) {
  constexpr u32 kShared = 1;
  constexpr usize kPiece = 8;
  const PeekArgs a = TRY(user::read<PeekArgs>(c.address_space(), args));
  if ((a.flags & ~kShared) != 0 || a.count < 0) return Errc::invalid_argument;
  const Thread::PendingOf which = (a.flags & kShared) != 0 ? Thread::PendingOf::process : Thread::PendingOf::thread;
  i64 done = 0;
  while (done < a.count) {
    const u64 from = a.offset + static_cast<u64>(done);
    if (from < a.offset) break;
    TRY(mem::reserve(2));
    const Vec<proc::SigInfo> some = t.peek_pending(which, from, kPiece);
    if (some.empty()) break;
    for (const proc::SigInfo& i : some) {
      if (done == a.count) break;
      const Status s = user::write(c.address_space(), VirtAddr(to + static_cast<u64>(done) * sizeof(proc::RawSigInfo)), proc::to_raw(i));
      if (!s.ok()) return done != 0 ? SysResult(done) : SysResult(Err(s.error()));
      ++done;
    }
    if (c.signal_pending()) break;
    ostd::task::preempt_point();
  }
  return done;
}

// ---- struct ptrace_syscall_info ----
struct CallInfo {
  u8 op = 0;
  Array<u8, 3> pad{};
  u32 arch = 0xc000003e;
  u64 ip = 0, sp = 0;
  Array<u64, 7> more{};   // entry: number, arguments; exit: result, whether it is an error
};
SysResult syscall_info(Caller& c, const Tracee& shared, u64 room, VirtAddr at) {
  constexpr usize kHead = 24, kExit = 33;
  CallInfo i{};
  usize size = kHead;
  shared.state().with([&](Tracee::State& s) {
    const UserRegs& r = s.view.regs;
    i.ip = r.rip;
    i.sp = r.rsp;
    if (!s.view.info || (s.view.info->words[1] & 0xffff'ffff) != 0x85) return;
    if (s.view.message == Tracee::kAtEntry) {
      i.op = 1;
      i.more = Array<u64, 7>{{static_cast<u64>(static_cast<i64>(static_cast<i32>(static_cast<u32>(static_cast<u64>(s.view.call) & 0xffff'ffff)))), r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9}};
      size = sizeof(CallInfo);
    } else if (s.view.message == Tracee::kAtExit) {
      i.op = 2;
      i.more[0] = r.rax;
      i.more[1] = r.rax >= ~4095ULL + 1 ? 1 : 0;
      size = kExit;
    }
  });
  TRY(user::write_bytes(c.address_space(), at, as_bytes(i).first(size < room ? size : room)));
  return static_cast<i64>(size);
}

SysResult resume(Caller& c, Pid tid, u64 request, u64 signal) {
  if (signal > proc::sig::count) return Errc::io;
  u32 how = 0;
  if (request == rq::syscall) how = watch::calls;
  if (request == rq::sysemu || request == rq::sysemu_singlestep) how = watch::emulated;
  if (request == rq::singlestep || request == rq::sysemu_singlestep || request == rq::singleblock) how |= watch::step;
  TRY(c.system().tree().trace_resume(*c.thread(), tid, static_cast<u32>(signal), how));
  return 0;
}

SysResult change_mask(Caller& c, Tracing t, u64 request, u64 size, VirtAddr at) {
  if (size != sizeof(u64)) return Errc::invalid_argument;
  if (request == rq::getsigmask) {
    TRY(user::write(c.address_space(), at, t.traced_mask().bits));
    return 0;
  }
  const u64 mask = TRY(user::read<u64>(c.address_space(), at));
  t.set_traced_mask(proc::SigSet{mask});
  return 0;
}

SysResult arch_prctl(Caller& c, const Tracee& shared, u64 data, VirtAddr addr) {
  constexpr usize kFsBase = 21, kGsBase = 22;
  constexpr u64 kSetGs = 0x1001, kSetFs = 0x1002, kGetFs = 0x1003, kGetGs = 0x1004;
  if (data == kGetFs || data == kGetGs) {
    const u64 v = TRY(user_word(shared, (data == kGetFs ? kFsBase : kGsBase) * 8));
    TRY(user::write(c.address_space(), addr, v));
    return 0;
  }
  if (data != kSetFs && data != kSetGs) return Errc::invalid_argument;
  if (!set_user_word(shared, (data == kSetFs ? kFsBase : kGsBase) * 8, addr.value).ok()) return Errc::not_permitted;
  return 0;
}

// What needs the thread to be stopped.
SysResult of_stopped(Caller& c, u64 request, Pid pid, VirtAddr addr, u64 data) {
  const Cap<Thread, proc::thread::tracer> t = TRY(c.system().tree().tracee(*c.thread(), pid, ProcessTree::Must::stopped));
  const Opt<Ref<Tracee>> held = t.tracee();
  if (!held) return Errc::no_process;
  const Tracee& shared = **held;
  switch (request) {
    case rq::peektext:
    case rq::peekdata: return peek(c, t, addr, data);
    case rq::poketext:
    case rq::pokedata: return poke(t, addr, data);
    case rq::peekuser: {
      const u64 v = TRY(user_word(shared, addr.value));
      TRY(user::write(c.address_space(), VirtAddr(data), v));
      return 0;
    }
    case rq::pokeuser: TRY(set_user_word(shared, addr.value, data)); return 0;
    case rq::getregs: {
      const RawRegs r = shared.state().with([](Tracee::State& s) { return proc::raw_regs(s.view.regs, s.view.call); });
      TRY(user::write(c.address_space(), VirtAddr(data), r));
      return 0;
    }
    case rq::setregs: return set_regs(shared, TRY(user::read<RawRegs>(c.address_space(), VirtAddr(data))), kRegCount);
    case rq::getfpregs: return get_fpregs(c, shared, VirtAddr(data));
    case rq::setfpregs: return set_fpregs(c, shared, VirtAddr(data));
    case rq::getregset:
    case rq::setregset: return regset(c, shared, request == rq::setregset, addr.value & 0xffff'ffff, VirtAddr(data));
    case rq::oldsetoptions:
    case rq::setoptions:
      TRY(check_options(c, data));
      shared.set_options(static_cast<u32>(data));
      return 0;
    case rq::geteventmsg: {
      const u64 m = shared.state().with([](Tracee::State& s) { return s.view.message; });
      TRY(user::write(c.address_space(), VirtAddr(data), m));
      return 0;
    }
    case rq::getsiginfo: return get_siginfo(c, shared, VirtAddr(data));
    case rq::setsiginfo: return set_siginfo(c, shared, VirtAddr(data));
    case rq::peeksiginfo: return peek_siginfo(c, t, addr, data);
    case rq::getsigmask:
    case rq::setsigmask: return change_mask(c, t, request, addr.value, VirtAddr(data));
    case rq::get_syscall_info: return syscall_info(c, shared, addr.value, VirtAddr(data));
    case rq::arch_prctl: return arch_prctl(c, shared, data, addr);
    case rq::listen: TRY(c.system().tree().trace_listen(*c.thread(), pid)); return 0;
    case rq::cont:
    case rq::syscall:
    case rq::sysemu:
    case rq::sysemu_singlestep:
    case rq::singleblock:
    case rq::singlestep: return resume(c, pid, request, data);
    case rq::detach:
      if (data > proc::sig::count) return Errc::io;
      TRY(c.system().tree().detach(*c.thread(), pid, static_cast<u32>(data)));
      return 0;
    default: return Errc::io;
  }
}

}  // namespace

SysResult sys_ptrace(Caller& c, u64 request, Pid pid, VirtAddr addr, u64 data) {
  if (request == rq::traceme) return traceme(c);
  const Opt<Ref<Thread>> t = c.system().tree().thread(pid);
  if (!t) return Errc::no_process;
  if (request == rq::attach || request == rq::seize) return attach(c, *t, request == rq::seize, addr, data);
  if (request == rq::kill || request == rq::interrupt) {
    const Cap<Thread, proc::thread::tracer> mine = TRY(c.system().tree().tracee(*c.thread(), pid, ProcessTree::Must::exist));
    if (request == rq::kill) {
      static_cast<void>(mine.send(proc::SigInfo::kernel(proc::sig::kill)).ok());
      return 0;
    }
    const Opt<Ref<Tracee>> shared = mine.tracee();
    if (!shared || !(*shared)->seized()) return Errc::io;
    (*shared)->demand_trap();
    mine.attend();
    return 0;
  }
  return of_stopped(c, request, pid, addr, data);
}

}  // namespace svc::sys
