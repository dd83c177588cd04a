// SPDX-License-Identifier: MPL-2.0
// /proc/PID/mounts and mountinfo: the mounts that the process can reach from its root. [fstab(5), proc(5)]
#include <base/format.h>
#include <services/procfs/process_files.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

// Blanks and what else would break the fields, in octal.
void escaped(std::string_view text, String& out) {
  for (const char c : text) {
    switch (c) {
      case ' ': out.append("\\040"); break;
      case '\t': out.append("\\011"); break;
      case '\n': out.append("\\012"); break;
      case '\\': out.append("\\134"); break;
      case '#': out.append("\\043"); break;
      default: out.append(c);
    }
  }
}

void flag_names(const fs::MountFlags& f, String& out) {
  if (f.no_suid) out.append(",nosuid");
  if (f.no_dev) out.append(",nodev");
  if (f.no_exec) out.append(",noexec");
  if (f.no_atime) out.append(",noatime");
  if (f.relatime && !f.no_atime) out.append(",relatime");
  if (f.no_symfollow) out.append(",nosymfollow");
}

// f(mount, its place as the process sees it).
void each_visible(const proc::Thread::MountView& v, FnRef<void(const Ref<fs::Mount>&, const String&)> f) {
  v.mounts->each([&](const Ref<fs::Mount>& m) {
    const String at = fs::path_text(fs::Path{m, m->root()}, v.root, fs::Deleted::plain);
    if (at.view().starts_with('/')) f(m, at);
  });
}

Result<proc::Thread::MountView> view_of(const Subject& s) {
  TRY(process_of(s));
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  Opt<proc::Thread::MountView> v = t ? (*t)->mount_view() : none;
  if (!v) return Errc::invalid_argument;   // as Linux says of a zombie
  return *std::move(v);
}

}  // namespace

Status mounts(const Subject& s, const Context& who, String& out) {
  const proc::Thread::MountView v = TRY(view_of(s));
  each_visible(v, [&](const Ref<fs::Mount>& m, const String& at) {
    const fs::MountFlags flags = m->flags();
    escaped(m->source().view(), out);
    out.append(' ');
    escaped(at.view(), out);
    ostd::format_to(out, " {} {}", m->file_system()->type_name(), flags.read_only ? "ro" : "rw");
    flag_names(flags, out);
    ostd::format_to(out, "{} 0 0\n", m->file_system()->options());
  });
  return Ok();
}

Status mountinfo(const Subject& s, const Context& who, String& out) {
  const proc::Thread::MountView v = TRY(view_of(s));
  each_visible(v, [&](const Ref<fs::Mount>& m, const String& at) {
    const fs::MountFlags flags = m->flags();
    const Opt<fs::Path> on = m->mount_point();
    const DevId dev = m->file_system()->device();
    ostd::format_to(out, "{} {} {}:{} / ", m->id(), on ? on->mount->id() : m->id(), dev.major(), dev.minor());
    escaped(at.view(), out);
    out.append(flags.read_only ? " ro" : " rw");
    flag_names(flags, out);
    ostd::format_to(out, " - {} ", m->file_system()->type_name());
    escaped(m->source().view(), out);
    ostd::format_to(out, " rw{}\n", m->file_system()->options());
  });
  return Ok();
}

}  // namespace svc::procfs
