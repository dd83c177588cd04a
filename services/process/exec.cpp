// SPDX-License-Identifier: MPL-2.0
// execve: the new image is complete before anything of the old program is given up.
#include <services/fs/namei.h>
#include <services/fs/regular.h>
#include <services/fs/xattr.h>
#include <services/process/futex.h>
#include <services/process/image.h>
#include <services/process/rseq.h>
#include <services/process/signal_api.h>
#include <services/process/thread_loop.h>
#include <services/process/trace_stop.h>
#include <services/process/trust.h>

namespace svc::proc {
namespace {

constexpr u32 kNoRandomize = 0x0040000, kClearedBySetId = kNoRandomize | 0x0400000 | 0x0200000 | 0x0100000;  // personality(2)
constexpr u16 kSetUid = 04000, kSetGid = 02000, kGroupExec = 010;

// Credentials after exec: set-id bits (not on nosuid mounts, not with no_new_privs), capabilities of root [capabilities(7)].
struct NewIds { CredentialValues values{}; bool secure = false, gained = false; };

constexpr u32 kNoRoot = 1;  // SECBIT_NOROOT
// Whether the program's set-id bits and capabilities count.
enum class SetIds : u8 { honoured, ignored };

// Errors: not_permitted (the file says its program needs capabilities that cannot be had), invalid_argument.
Result<NewIds> new_ids(const Credentials& old, const fs::File& file, SetIds how) {
  NewIds n{};
  n.values = old.values();
  CredentialValues& v = n.values;
  const Opt<Ref<fs::Inode>> inode = file.inode();
  const Opt<fs::Path> at = file.path();
  const bool trusted = inode && at && !at->mount->flags().no_suid;
  Opt<fs::FileCapabilities> gives{};
  if (trusted) gives = TRY(fs::file_capabilities(**inode));
  const bool keeps = v.no_new_privs || how == SetIds::ignored;
  if (trusted && !keeps) {
    const fs::Attr a = (*inode)->attr();
    if ((a.mode.bits & kSetUid) != 0) v.euid = a.uid;
    if ((a.mode.bits & (kSetGid | kGroupExec)) == (kSetGid | kGroupExec)) v.egid = a.gid;
  }
  const u64 had = v.permitted;
  bool effective = gives && gives->effective;
  v.permitted = gives ? (v.bounding & gives->permitted) | (v.inheritable & gives->inheritable) : 0;
  if (effective && (gives->permitted & ~v.permitted) != 0) return Errc::not_permitted;
  const bool root = v.uid.value == 0 || v.euid.value == 0;
  // A program with capabilities of its own that root lends to others by its set-user-id bit gets only those.
  if (root && (v.securebits & kNoRoot) == 0 && !(gives && v.uid.value != 0)) {
    v.permitted = v.bounding | v.inheritable;
    if (v.euid.value == 0) effective = true;
  }
  const bool set_id = v.euid != v.uid || v.egid != v.gid;
  if (keeps) v.permitted &= had | v.ambient;
  v.suid = v.fsuid = v.euid;
  v.sgid = v.fsgid = v.egid;
  if (gives || set_id) v.ambient = 0;
  v.permitted |= v.ambient;
  v.effective = effective ? v.permitted : v.ambient;
  n.gained = set_id || (v.permitted & ~had) != 0;
  n.secure = set_id || (v.uid.value != 0 && (effective || (v.permitted & ~v.ambient) != 0));
  return n;
}

ImageIds ids_of(const NewIds& n) { return {n.values.uid, n.values.euid, n.values.gid, n.values.egid, n.secure}; }

// Ends every other thread of the process and waits for them. Errors: again when another exec or exit is faster (the caller is
// being killed then).
Status end_other_threads(Caller& c) {
  const Ref<Process> p = c.process();
  for (;;) {
    c.self().end_others(*c.thread());
    if (p->thread_count() == 1) break;
    TRY(c.self().words().exit_wait.wait_until(Wait::killable, [&] { return p->thread_count() == 1; }));
  }
  if (c.thread()->tid() != p->pid()) {
    const Pid old = c.thread()->tid();
    c.self().take_leader_id(c.thread());
    c.system().tree().rename_thread(old, c.me());
  }
  return Ok();
}

// Shared with another process (CLONE_FILES): the table becomes its own. Errors: out_of_memory.
Status unshare_files(Caller& c) {
  // The thread and its Caller hold one each.
  if (c.files()->ref_count() > 2) c.use_files(TRY(c.files()->clone()));
  return Ok();
}

void close_files(Caller& c) {
  u32 from = 0;
  for (;;) {
    const Opt<Ref<fs::File>> f = c.files()->remove_next(from, ~0U, fs::FdTable::Which::cloexec);
    if (!f) return;
    c.files()->closed(**f);
  }
}

// PTRACE_O_TRACEEXEC, or SIGTRAP for tracers of old.
void tell_tracer(Caller& c, u64 former_id) {
  const Opt<Ref<Tracee>> t = c.me().tracee();
  if (!t) return;
  if (trace_wants(c, TraceEvent::exec)) {
    // The call is not over yet.
    c.in_call = true;
    trace_event(c, TraceEvent::exec, former_id);
    c.in_call = false;
    c.regs().rax = 0;
    return;
  }
  if ((*t)->seized()) return;
  SigInfo i{};
  i.signo = sig::trap;
  i.pid = c.thread()->tid();
  i.uid = c.credentials().values().uid;
  static_cast<void>(c.me().send(i).ok());
}

void start_registers(UserRegs& r, const Image& image) {
  r = UserRegs{};
  r.rip = image.entry;
  r.rsp = image.stack_pointer;
  r.rflags = 0x202;
}

}  // namespace

Status exec(Caller& c, ExecRequest r) {
  if ((c.me().words().personality.load() & kNoRandomize) == 0) r.randomize = randomize_of(c.system().randomize().load());
  // Nobody gets hold of a privileged program by tracing it.
  const Opt<ProcessTree::Tracer> tracer = (c.traced() & watch::ptraced) != 0 ? c.system().tree().tracer_of(*c.thread()) : Opt<ProcessTree::Tracer>();
  const bool watched = tracer && !tracer->privileged && !c.capable(Capability::setuid);
  const u64 former_id = static_cast<u64>(c.thread()->tid().value);
  const NewIds ids = TRY(new_ids(c.credentials(), *r.file, watched ? SetIds::ignored : SetIds::honoured));
  Image image = TRY(build_image(c, *c.fs(), r, ids_of(ids), c.process()->account(), c.vm_limits()));
  const Opt<Ref<fs::Inode>> inode = image.exe->inode();
  const bool readable = inode && fs::check_access(c, **inode, static_cast<u32>(fs::May::read)).ok();
  TRY(end_other_threads(c));
  if (!image.usable || !unshare_files(c).ok()) {
    c.self().begin_exit(ExitStatus::killed(sig::segv, false));
    c.registers_replaced = true;
    return Ok();
  }
  // From here on nothing fails.
  futex_exec(c);
  rseq_forget(c);
  c.use_vm(std::move(image.vm));
  if (c.self().words().vfork_done.exchange(1) == 0) c.self().words().exit_wait.wake_all();
  if (c.self().actions()->ref_count() > 2) c.self().set_actions(c.self().actions()->clone());
  c.self().actions()->reset_for_exec();
  c.me().set_alt_stack({});
  flush_timers(c.self());
  close_files(c);
  const bool changes_ids = ids.values.euid != c.credentials().values().euid || ids.values.egid != c.credentials().values().egid;
  c.use_credentials(make_ref<Credentials>(ids.values));
  // Who may not read the program may not look at its memory either.
  c.self().words().dumpable.store(ids.gained || changes_ids || !readable ? static_cast<u32>(c.system().core().suid_dumpable.load()) : 1);
  if (ids.gained) c.me().words().personality.store(c.me().words().personality.load() & ~kClearedBySetId);
  c.self().words().did_exec.store(1);
  c.self().words().membarrier_registered.store(0);
  c.self().words().exit_signal.store(sig::chld.value);
  c.me().set_name(image.command.view());
  c.me().words().clear_child_tid.store(0);
  c.me().words().robust_list.store(0);
  c.me().words().restart_call.store(0);
  Process::Program next{Opt<Ref<fs::File>>(image.exe), image.exe_path.copy()};
  c.self().program().with([&](Process::Program& g) { std::swap(g, next); });
  c.context().fpu_reset();
  if (const u32 s = c.me().words().speculation.load(); (s & kStoreBypassUntilExec) != 0) {
    c.me().words().speculation.store(s & ~(kStoreBypassUntilExec | kStoreBypassOff));
    user::limit(c.context(), user::Guess::store_bypass, false);
  }
  start_registers(c.regs(), image);
  c.registers_replaced = true;
  if ((c.traced() & watch::ptraced) != 0) [[unlikely]] tell_tracer(c, former_id);
  return Ok();
}

Result<FirstImage> load_first(const Context& who, CapRef<Process, process::self> p, ExecRequest r, const Ref<Account>& account, const fs::FsContext& fs) {
  Image image = TRY(build_image(who, fs, r, ImageIds{}, account, vm::VmLimits{}));
  if (!image.usable) return Errc::not_executable;
  Process::Program next{Opt<Ref<fs::File>>(image.exe), image.exe_path.copy()};
  p.program().with([&](Process::Program& g) { std::swap(g, next); });
  UserContext ctx{};
  start_registers(ctx.regs(), image);
  return FirstImage{std::move(image.vm), std::move(ctx)};
}

Result<Cap<fs::File, fs::file::execute>> open_nameless(const Context& who, const fs::File& file) {
  const Opt<Ref<fs::Inode>> inode = file.inode();
  if (!inode || (*inode)->type() != fs::FileType::regular) return Errc::access_denied;
  TRY(fs::check_access(who, **inode, static_cast<u32>(fs::May::exec)));
  return fs::open_for_exec(*inode);
}

Result<Cap<fs::File, fs::file::execute>> open_exec(const Context& who, const fs::FsContext& fs, const fs::Path& start, std::string_view path, u32 walk_flags) {
  const fs::Path at = TRY(fs::resolve(who, fs, start, path, walk_flags));
  const Ref<fs::Inode>& inode = at.dentry->inode();
  if (inode->type() == fs::FileType::symlink) return Errc::symlink_loop;
  if (inode->type() != fs::FileType::regular || at.mount->flags().no_exec) return Errc::access_denied;
  TRY(fs::check_access(who, *inode, static_cast<u32>(fs::May::exec)));
  Cap<fs::File, fs::file::execute> f = TRY(fs::open_for_exec(inode));
  f->set_path(at);
  f->note(fs::notice::open);
  return f;
}

}  // namespace svc::proc
