// SPDX-License-Identifier: MPL-2.0
// execve, execveat. [execve(2), execveat(2)]
#include <services/fs/namei.h>
#include <services/process/exec.h>
#include <services/syscall/path_args.h>
#include <services/syscall/sys_exec.h>

namespace svc::sys {
namespace {

constexpr u64 kMaxStrings = 0x7fff'ffff / 8;

Result<proc::ArgStrings> read_strings(Caller& c, UserStrings at, usize& budget) {
  proc::ArgStrings out{};
  if (at.at.value == 0) return out;
  for (u64 i = 0; i < kMaxStrings; ++i) {
    const u64 p = TRY(user::read<u64>(c.address_space(), VirtAddr(at.at.value + i * 8)));
    if (p == 0) return out;
    Result<String> s = user::read_string(c.address_space(), VirtAddr(p), proc::kMaxArgString - 1);
    if (!s.ok()) return s.error() == Errc::name_too_long ? Errc::argument_list_too_long : s.error();
    const usize size = s.value().size() + 9;
    if (size > budget) return Errc::argument_list_too_long;
    budget -= size;
    TRY(mem::reserve(proc::ArgStrings::pages_for(size)));
    out.add(s.value().view());
  }
  return Errc::argument_list_too_long;
}

SysResult do_exec(Caller& c, Cap<fs::File, fs::file::execute> file, String path, bool path_closes, UserStrings argv, UserStrings envp) {
  const u64 stack = c.process()->limit(proc::Resource::stack).soft;
  usize budget = stack / 4 < (6ULL << 20) ? stack / 4 : 6ULL << 20;
  if (budget < 131072) budget = 131072;
  proc::ExecRequest r{std::move(file), std::move(path)};
  r.path_closes = path_closes;
  r.argv = TRY(read_strings(c, argv, budget));
  r.envp = TRY(read_strings(c, envp, budget));
  if (r.argv.empty()) r.argv.add("");  // as Linux since 5.18: argc is at least 1
  TRY(proc::exec(c, std::move(r)));
  return 0;
}

}  // namespace

SysResult sys_execve(Caller& c, UserPath path, UserStrings argv, UserStrings envp) {
  String p = TRY(read_path(c, path));
  Cap<fs::File, fs::file::execute> f = TRY(proc::open_exec(c, *c.fs(), c.fs()->cwd(), p.view(), fs::walk::follow));
  return do_exec(c, std::move(f), std::move(p), false, argv, envp);
}

SysResult sys_execveat(Caller& c, DirFd dir, UserPath path, UserStrings argv, UserStrings envp, u32 flags) {
  constexpr u32 kEmptyPath = 0x1000, kNoFollow = 0x100;
  String p = TRY(read_path_maybe_empty(c, path));
  if (p.empty() && (flags & kEmptyPath) == 0) return Errc::not_found;
  if ((flags & ~(kEmptyPath | kNoFollow)) != 0) return Errc::invalid_argument;
  if (p.empty() && dir.value != kAtFdCwd) {
    // A file that never had a name (memfd) can be run, too.
    const Ref<fs::File> f = TRY(c.files()->get(Fd{dir.value}));
    if (!f->path()) {
      Cap<fs::File, fs::file::execute> program = TRY(proc::open_nameless(c, *f));
      return do_exec(c, std::move(program), ostd::format("/dev/fd/{}", dir.value), false, argv, envp);
    }
  }
  const fs::Path start = TRY(start_of(c, dir, p.view()));
  const u32 walk = ((flags & kNoFollow) != 0 ? 0U : fs::walk::follow) | ((flags & kEmptyPath) != 0 ? fs::walk::empty_path : 0U);
  Cap<fs::File, fs::file::execute> f = TRY(proc::open_exec(c, *c.fs(), start, p.view(), walk));
  String name = std::move(p);
  bool closes = false;
  if (dir.value != kAtFdCwd && (name.empty() || name.view()[0] != '/'))
    name = name.empty() ? ostd::format("/dev/fd/{}", dir.value) : ostd::format("/dev/fd/{}/{}", dir.value, name);
  if (dir.value != kAtFdCwd && name.view().starts_with("/dev/fd/")) {
    const Result<fs::CloseOnExec> how = c.files()->cloexec(Fd{dir.value});
    closes = how.ok() && how.value() == fs::CloseOnExec::yes;
  }
  return do_exec(c, std::move(f), std::move(name), closes, argv, envp);
}

}  // namespace svc::sys
