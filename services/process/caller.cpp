// SPDX-License-Identifier: MPL-2.0
// Caller: the Context that file systems and terminals see.
#include <services/process/trust.h>
#include <services/abi/errno.h>
#include <services/process/caller.h>
#include <services/process/groups.h>
#include <services/process/signal_api.h>

namespace svc::proc {

Caller::Caller(Parts p, UserContext ctx)
    : me_(std::move(p.thread)), self_(std::move(p.process)), vm_(std::move(p.vm)), files_(std::move(p.files)), fs_(std::move(p.fs)),
      cred_(me_->credentials()), ctx_(std::move(ctx)) {
  if ((*vm_)->process_id() == 0) (*vm_).belong_to(self_->pid().value);
}

Pid Caller::process_id() const { return self_->pid(); }
Pid Caller::thread_id() const { return me_->tid(); }

Opt<Ref<SessionRef>> Caller::session() const {
  const Opt<Ref<ProcessGroup>> g = system().tree().group_of(*self_);
  if (!g) return none;
  return Opt<Ref<SessionRef>>(Ref<SessionRef>((*g)->session()));
}
bool Caller::session_leader() const { return self_->session() == self_->pid(); }

Opt<Ref<ProcessGroupRef>> Caller::process_group() const {
  const Opt<Ref<ProcessGroup>> g = system().tree().group_of(*self_);
  if (!g) return none;
  return Opt<Ref<ProcessGroupRef>>(Ref<ProcessGroupRef>(*g));
}
Opt<Ref<ProcessGroupRef>> Caller::find_group(Pid id) const {
  const Opt<Ref<ProcessGroup>> g = system().tree().find_group(id);
  if (!g) return none;
  return Opt<Ref<ProcessGroupRef>>(Ref<ProcessGroupRef>(*g));
}

bool Caller::signal_ignored_or_blocked(Signo s) const {
  return me_->blocked().has(s) || self_->action(s).handler == handler::ign;
}
void Caller::signal_self(Signo s) const { static_cast<void>(self_.send_to(*me_, SigInfo::kernel(s)).ok()); }
u64 Caller::file_size_limit() const { return self_->limit(Resource::fsize).soft; }

Result<CapRef<Power, power::off | power::reboot | power::halt>> Caller::power() const {
  if (!capable(Capability::sys_boot)) return Errc::not_permitted;
  return CapRef<Power, power::off | power::reboot | power::halt>(system().authority_.power);
}
Result<CapRef<WallClock, wall_clock::set>> Caller::wall_clock() const {
  if (!capable(Capability::sys_time)) return Errc::not_permitted;
  return CapRef<WallClock, wall_clock::set>(system().authority_.wall_clock);
}

vm::VmLimits Caller::vm_limits() const {
  vm::VmLimits l{};
  l.address_space = self_->limit(Resource::as).soft;
  l.data = self_->limit(Resource::data).soft;
  l.stack = self_->limit(Resource::stack).soft;
  l.locked = self_->limit(Resource::memlock).soft;
  return l;
}

void Caller::use_vm(Cap<vm::Vm, vm::memory::all> v) {
  v.belong_to(self_->pid().value);
  me_.set_vm(v.dup());
  set_trust(v.space(), *cred_);
  vm_ = Opt<Cap<vm::Vm, vm::memory::all>>(std::move(v));
}
void Caller::release() {
  const UserContext gone = std::move(ctx_);
  fs_.reset();
  files_.reset();
  vm_.reset();
}
void Caller::use_files(Ref<fs::FdTable> f) {
  me_.set_files(f);
  files_ = Opt<Ref<fs::FdTable>>(std::move(f));
}
void Caller::use_fs(Ref<fs::FsContext> f) {
  me_.set_fs(f);
  fs_ = Opt<Ref<fs::FsContext>>(std::move(f));
}
void Caller::use_credentials(Ref<Credentials> c) {
  me_.set_credentials(c);
  if (vm_) set_trust((*vm_).space(), *c);
  cred_ = std::move(c);
}

void Caller::begin_denial(u32 nth) {
  denial = Denial{};
  mem::deny_nth(nth);
}
void Caller::end_denial(u32 nth) {
  denial.reservations = static_cast<u32>(mem::reservations_made());
  denial.refused = denial.reservations >= nth;
  mem::deny_nth(0);
}

void Caller::count_call(u64 number, const Result<i64>& r) const {
  const Opt<Own<CallCounts>>& counts = system().call_counts();
  if (!counts || (traced() & watch::counted) == 0) return;
  if (r.ok()) return (*counts)->success(number);
  if (r.error() == Errc::interrupted) {
    if (ostd::task::disturbed() != Disturb::kill) (*counts)->interruption(number);
    return;
  }
  const i32 e = abi::to_errno(r.error());
  if (e < 512) (*counts)->error(number, e);
}
void Caller::count_interruption(u64 number) const {
  const Opt<Own<CallCounts>>& counts = system().call_counts();
  if (counts && (traced() & watch::counted) != 0) (*counts)->interruption(number);
}

}  // namespace svc::proc
