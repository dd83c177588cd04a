// SPDX-License-Identifier: MPL-2.0
#include <services/syscall/path_args.h>

namespace svc::sys {

Result<String> read_path_maybe_empty(Caller& c, UserPath p) { return user::read_string(c.address_space(), p.at, kPathMax - 1); }

Result<String> read_path(Caller& c, UserPath p) {
  String s = TRY(read_path_maybe_empty(c, p));
  if (s.empty()) return Errc::not_found;
  return s;
}

Result<fs::Path> start_of(Caller& c, DirFd dir, std::string_view path) {
  if (!path.empty() && path[0] == '/') return c.fs()->root();
  if (dir.value == kAtFdCwd) return c.fs()->cwd();
  const Ref<fs::File> f = TRY(c.files()->get(Fd{dir.value}));
  Opt<fs::Path> at = f->path();
  if (!at) return Errc::not_directory;
  // "" with AT_EMPTY_PATH names the file itself, which need not be a directory.
  if (!path.empty() && at->dentry->inode()->type() != fs::FileType::directory) return Errc::not_directory;
  return *at;
}

}  // namespace svc::sys
