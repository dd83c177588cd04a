// SPDX-License-Identifier: MPL-2.0
// exe, cwd, root; self and thread-self.
#include <base/format.h>
#include <services/procfs/links.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
String seen_from(const Subject& s, const Context& who, const fs::Path& at) {
  const Opt<proc::Access::Running> reader = proc::Access::running(who, s.system->tree());
  const Opt<Ref<fs::FsContext>> fs = reader ? reader->thread.fs() : none;
  return fs::path_text(at, fs ? (*fs)->root() : s.system->parts().mounts->root(), fs::Deleted::mark);
}

Result<fs::Path> exe_place(Traced t, const Subject& s) {
  Opt<fs::Path> at = t.program();
  if (!at) return Errc::not_found;
  return *std::move(at);
}
Result<String> exe_text(Traced t, const Subject& s, const Context& who) { return seen_from(s, who, TRY(exe_place(t, s))); }

Result<fs::Path> cwd_place(Traced t, const Subject& s) {
  const Opt<Ref<fs::FsContext>> fs = t.fs();
  if (!fs) return Errc::not_found;
  return (*fs)->cwd();
}
Result<String> cwd_text(Traced t, const Subject& s, const Context& who) { return seen_from(s, who, TRY(cwd_place(t, s))); }

Result<fs::Path> root_place(Traced t, const Subject& s) {
  const Opt<Ref<fs::FsContext>> fs = t.fs();
  if (!fs) return Errc::not_found;
  return (*fs)->root();
}
Result<String> root_text(Traced t, const Subject& s, const Context& who) { return seen_from(s, who, TRY(root_place(t, s))); }

Result<String> self_text(const Subject& s, const Context& who) { return ostd::format("{}", who.process_id().value); }
Result<String> thread_self_text(const Subject& s, const Context& who) {
  return ostd::format("{}/task/{}", who.process_id().value, who.thread_id().value);
}
Result<String> mounts_text(const Subject& s, const Context& who) { return String("self/mounts"); }

}  // namespace svc::procfs
