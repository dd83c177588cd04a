// SPDX-License-Identifier: MPL-2.0
// exe, cwd, root; self and thread-self.
#include <base/format.h>
#include <services/procfs/links.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

Opt<Ref<fs::FsContext>> fs_of(const Subject& s) {
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  return t ? (*t)->fs() : Opt<Ref<fs::FsContext>>();
}

}  // namespace

String seen_from(const Subject& s, const Context& who, const fs::Path& at) {
  const Opt<Ref<proc::Thread>> reader = s.system->tree().thread(who.thread_id());
  const Opt<Ref<fs::FsContext>> fs = reader ? (*reader)->fs() : Opt<Ref<fs::FsContext>>();
  return fs::path_text(at, fs ? (*fs)->root() : s.system->parts().mounts->root(), fs::Deleted::mark);
}

Result<Opt<fs::Path>> exe_place(const Subject& s, const Context& who) {
  // A process without memory has no program any more.
  if (!vm_of(s)) return Errc::not_found;
  const Opt<Ref<fs::File>> f = (*s.process)->program().with([](proc::Process::Program& p) { return p.exe; });
  if (!f) return Errc::not_found;
  Opt<fs::Path> at = (*f)->path();
  if (!at) return Errc::not_found;
  return at;
}
Result<String> exe_text(const Subject& s, const Context& who) {
  const Opt<fs::Path> at = TRY(exe_place(s, who));
  return seen_from(s, who, *at);
}

Result<Opt<fs::Path>> cwd_place(const Subject& s, const Context& who) {
  const Opt<Ref<fs::FsContext>> fs = fs_of(s);
  if (!fs) return Errc::not_found;
  return Opt<fs::Path>((*fs)->cwd());
}
Result<String> cwd_text(const Subject& s, const Context& who) {
  const Opt<fs::Path> at = TRY(cwd_place(s, who));
  return seen_from(s, who, *at);
}

Result<Opt<fs::Path>> root_place(const Subject& s, const Context& who) {
  const Opt<Ref<fs::FsContext>> fs = fs_of(s);
  if (!fs) return Errc::not_found;
  return Opt<fs::Path>((*fs)->root());
}
Result<String> root_text(const Subject& s, const Context& who) {
  const Opt<fs::Path> at = TRY(root_place(s, who));
  return seen_from(s, who, *at);
}

Result<String> self_text(const Subject& s, const Context& who) { return ostd::format("{}", who.process_id().value); }
Result<String> thread_self_text(const Subject& s, const Context& who) {
  return ostd::format("{}/task/{}", who.process_id().value, who.thread_id().value);
}
Result<String> mounts_text(const Subject& s, const Context& who) { return String("self/mounts"); }

}  // namespace svc::procfs
