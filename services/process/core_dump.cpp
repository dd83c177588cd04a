// SPDX-License-Identifier: MPL-2.0
// Whether a process dumps core, and bringing its threads to a halt.
#include <services/fs/core_file.h>
#include <services/process/core_dump.h>

namespace svc::proc {
namespace {

constexpr u64 kSmallest = 4096;      // a limit below allows no dump at all
constexpr u32 kForRoot = 2;          // dumpable: only into a file of root's, at an absolute place

CoreThread as_it_is(Caller& c) {
  CoreThread t{};
  t.tid = c.thread()->tid();
  c.context().fetch_bases();
  t.regs = c.regs();
  t.call = c.orig_rax;
  t.pending = c.thread()->own_pending().bits;
  t.blocked = c.thread()->blocked().bits;
  t.user = c.thread()->user_time();
  t.system = c.thread()->system_time();
  if (!mem::reserve(page_up(c.context().fpu_size()) / kPageSize + 4).ok()) return t;
  t.fpu = Vec<u8>::filled(c.context().fpu_size(), 0);
  c.context().fpu_save(t.fpu.items());
  return t;
}

Result<fs::CoreFile> open_file(Caller& c, Signo s, u32 dumpable) {
  const String pattern = c.system().core().pattern.with([](String& p) { return p; });
  const String name = core_name(c, pattern.view(), s);
  if (dumpable != kForRoot) return fs::CoreFile::create(c, *c.fs(), name.view(), fs::CoreFile::Place::own);
  if (name.empty() || name[0] != '/') return Errc::not_permitted;
  CredentialValues v = c.credentials().values();
  v.fsuid = Uid{0};
  const Opt<Cap<vm::Vm, vm::memory::all>> own = c.me().own_memory();
  if (!own) return Errc::no_process;
  // Root's rights on files, for a program that had more than its user.
  const DetachedContext root(make_ref<Credentials>(std::move(v)), (*own).space_ref(), c.process_id(), c.thread_id(), c.file_size_limit());
  return fs::CoreFile::create(root, *c.fs(), name.view(), fs::CoreFile::Place::root);
}

bool dump(Caller& c, const CoreDump& d, const SigInfo& i, u32 dumpable) {
  // The others are being killed: each joins or is gone soon.
  const Status all = c.self().words().exit_wait.wait_until(Wait::killable, [&] { return d.joined() + 1 >= c.process()->thread_count(); });
  if (!all.ok() || c.thread()->exiting()) return false;
  Result<fs::CoreFile> file = open_file(c, i.signo, dumpable);
  if (!file.ok()) return false;
  Map<i32, CoreThread> threads = d.take();
  threads.insert(c.thread()->tid().value, as_it_is(c));
  return write_core(c, std::move(file).value(), i, threads) && !c.thread()->exiting();
}

}  // namespace

void end_with_core(Caller& c, const SyscallOrigin& o, const SigInfo& i) {
  const ExitStatus plain = ExitStatus::killed(i.signo, false);
  const u32 dumpable = c.self().words().dumpable.load();
  if (dumpable == 0 || c.process()->limit(Resource::core).soft < kSmallest || !mem::reserve(8).ok()) return c.self().begin_exit(plain);
  if ((c.traced() & watch::ptraced) == 0) c.orig_rax = o.in_syscall ? static_cast<i64>(o.number) : -1;
  const Ref<CoreDump> d = make_ref<CoreDump>(c.thread()->tid());
  // False: something else has ended it meanwhile.
  if (!c.self().begin_dump(d, plain)) return;
  if (dump(c, *d, i, dumpable)) c.self().set_exit_status(ExitStatus::killed(i.signo, true));
  d->finish();
  mem::settle();
}

void join_core_dump(Caller& c) {
  const Opt<Ref<CoreDump>> d = c.self().core_dump();
  if (!d || (*d)->dumper() == c.thread()->tid()) return;
  (*d)->join(as_it_is(c));
  c.self().words().exit_wait.wake_all();
  (*d)->wait();
}

}  // namespace svc::proc
