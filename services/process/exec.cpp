// SPDX-License-Identifier: MPL-2.0
// execve: the new image is complete before anything of the old program is given up.
#include <services/fs/namei.h>
#include <services/fs/regular.h>
#include <services/process/futex.h>
#include <services/process/image.h>
#include <services/process/signal_api.h>
#include <services/process/thread_loop.h>

namespace svc::proc {
namespace {

constexpr u16 kSetUid = 04000, kSetGid = 02000, kGroupExec = 010;

// Credentials after exec: set-id bits (not on nosuid mounts, not with no_new_privs), capabilities of root [capabilities(7)].
struct NewIds { CredentialValues values{}; bool secure = false; };

NewIds new_ids(const Credentials& old, const fs::File& file) {
  NewIds n{};
  n.values = old.values();
  CredentialValues& v = n.values;
  const Opt<Ref<fs::Inode>> inode = file.inode();
  const Opt<fs::Path> at = file.path();
  const bool may = inode && at && !at->mount->flags().no_suid && !v.no_new_privs;
  if (may) {
    const fs::Attr a = (*inode)->attr();
    if ((a.mode.bits & kSetUid) != 0) v.euid = a.uid;
    if ((a.mode.bits & (kSetGid | kGroupExec)) == (kSetGid | kGroupExec)) v.egid = a.gid;
  }
  n.secure = v.euid != v.uid || v.egid != v.gid;
  v.suid = v.fsuid = v.euid;
  v.sgid = v.fsgid = v.egid;
  const bool root = v.uid.value == 0 || v.euid.value == 0;
  if (n.secure) v.ambient = 0;
  v.permitted = root ? v.bounding | v.inheritable : v.ambient;
  v.effective = v.euid.value == 0 ? v.permitted : v.ambient;
  return n;
}

ImageIds ids_of(const NewIds& n) { return {n.values.uid, n.values.euid, n.values.gid, n.values.egid, n.secure}; }

// Ends every other thread of the process and waits for them. Errors: again when another exec or exit is faster (the caller is
// being killed then).
Status end_other_threads(Caller& c) {
  const Ref<Process>& p = c.process();
  for (;;) {
    for (Opt<Ref<Thread>> t = p->next_thread(Pid{0}); t; t = p->next_thread((*t)->tid())) {
      if ((*t).same(c.thread())) continue;
      (*t)->exiting.store(1);
      if ((*t)->task().is_set()) (*t)->task().get()->disturb(Disturb::kill);
    }
    if (p->thread_count() == 1) break;
    TRY(p->exit_wait.wait_until(Wait::killable, [&] { return p->thread_count() == 1; }));
  }
  if (c.thread()->tid() != p->pid()) {
    const Pid old = c.thread()->tid();
    p->take_leader_id(c.thread());
    c.system().tree().rename_thread(old, c.thread());
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

void start_registers(UserRegs& r, const Image& image) {
  r = UserRegs{};
  r.rip = image.entry;
  r.rsp = image.stack_pointer;
  r.rflags = 0x202;
}

}  // namespace

Status exec(Caller& c, ExecRequest r) {
  const NewIds ids = new_ids(c.credentials(), *r.file);
  Image image = TRY(build_image(c, *c.fs(), r, ids_of(ids), c.process()->account(), c.vm_limits()));
  const Opt<Ref<fs::Inode>> inode = image.exe->inode();
  const bool readable = inode && fs::check_access(c, **inode, static_cast<u32>(fs::May::read)).ok();
  TRY(end_other_threads(c));
  if (!image.usable || !unshare_files(c).ok()) {
    c.process()->begin_exit(ExitStatus::killed(sig::segv, false));
    c.registers_replaced = true;
    return Ok();
  }
  // From here on nothing fails.
  const Ref<Process> p = c.process();
  futex_exec(c);
  c.use_vm(image.vm);
  if (p->vfork_done.exchange(1) == 0) p->exit_wait.wake_all();
  if (p->actions()->ref_count() > 2) p->set_actions(p->actions()->clone());
  p->actions()->reset_for_exec();
  c.thread()->set_alt_stack({});
  flush_timers(*p);
  close_files(c);
  const bool changes_ids = ids.values.euid != c.credentials().values().euid || ids.values.egid != c.credentials().values().egid;
  c.use_credentials(make_ref<Credentials>(ids.values));
  // Who may not read the program may not look at its memory either.
  p->dumpable.store(ids.secure || changes_ids || !readable ? 0 : 1);
  p->did_exec.store(1);
  p->membarrier_registered.store(0);
  p->exit_signal.store(sig::chld.value);
  c.thread()->set_name(image.command.view());
  c.thread()->clear_child_tid.store(0);
  c.thread()->robust_list.store(0);
  c.thread()->restart_call.store(0);
  Process::Program next{Opt<Ref<fs::File>>(image.exe), image.exe_path.copy(), image.auxv};
  p->program().with([&](Process::Program& g) { std::swap(g, next); });
  c.context().fpu_reset();
  start_registers(c.regs(), image);
  c.registers_replaced = true;
  return Ok();
}

Result<FirstImage> load_first(const Context& who, const Process& p, ExecRequest r, const Ref<Account>& account, const fs::FsContext& fs) {
  Image image = TRY(build_image(who, fs, r, ImageIds{}, account, vm::VmLimits{}));
  if (!image.usable) return Errc::not_executable;
  Process::Program next{Opt<Ref<fs::File>>(image.exe), image.exe_path.copy(), image.auxv};
  p.program().with([&](Process::Program& g) { std::swap(g, next); });
  UserContext ctx{};
  start_registers(ctx.regs(), image);
  return FirstImage{image.vm, std::move(ctx)};
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
  return f;
}

}  // namespace svc::proc
