// SPDX-License-Identifier: MPL-2.0
// /proc/PID/fd/N and fdinfo/N.
#include <base/format.h>
#include <services/procfs/links.h>
#include <services/procfs/nodes.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

constexpr u32 kNoMount = 0;   // id of mounts that stand for nameless files only

Opt<Ref<fs::File>> file_of(Traced t, i32 fd) {
  const Opt<Ref<fs::FdTable>> table = t.files();
  if (!table) return none;
  const Result<Ref<fs::File>> f = (*table)->get(fs::Fd{fd});
  return f.ok() ? Opt<Ref<fs::File>>(f.value()) : none;
}

// What the link of a file without an inode (eventfd, epoll ...) leads to: it can be looked at, not opened.
class AnonymousNode final : public fs::Inode {
 public:
  explicit AnonymousNode(Ref<fs::FileSystem> fs) : fs_(std::move(fs)) {}
  Ref<fs::FileSystem> file_system() const override { return fs_; }
  fs::FileType type() const override { return fs::FileType::anonymous; }
  u64 ino() const override { return 1; }
  fs::Attr attr() const override {
    fs::Attr a{};
    a.ino = 1;
    a.type = fs::FileType::anonymous;
    a.mode = fs::Mode{0600};
    return a;
  }
  Status set_attr(const fs::AttrChange& change) const override { return Errc::not_permitted; }
  Result<Opt<Ref<fs::File>>> open(const fs::OpenArgs& args, const Context& who) const override { return Errc::no_device_address; }

 private:
  Ref<fs::FileSystem> fs_;
};

Result<String> fd_text(Traced t, const Subject& s, const Context& who) {
  const Opt<Ref<fs::File>> f = file_of(t, s.number);
  if (!f) return Errc::not_found;
  const Opt<fs::Path> at = (*f)->path();
  if (!at) return (*f)->link_text();
  if (at->mount->id() == kNoMount) return at->dentry->name();
  return seen_from(s, who, *at);
}

Result<fs::Path> fd_place(Traced t, const Subject& s) {
  const Opt<Ref<fs::File>> f = file_of(t, s.number);
  if (!f) return Errc::not_found;
  const Opt<fs::Path> at = (*f)->path();
  if (at) return *at;
  const Opt<Ref<fs::Inode>> known = (*f)->inode();
  const Ref<fs::Inode> inode = known ? *known : Ref<fs::Inode>(make_ref<AnonymousNode>(Ref<fs::FileSystem>(make_ref<ProcFs>(s.shared))));
  const Ref<fs::Dentry> d = make_ref<fs::Dentry>((*f)->link_text(), Opt<Ref<fs::Dentry>>(), inode);
  const Ref<fs::Mount> m = make_ref<fs::Mount>(inode->file_system(), d, String("none"), fs::MountFlags{}, kNoMount);
  return fs::Path{m, d};
}

Status fd_info(Traced t, const Subject& s, String& out) {
  const Opt<Ref<fs::FdTable>> table = t.files();
  const Opt<Ref<fs::File>> f = file_of(t, s.number);
  if (!table || !f) return Errc::not_found;
  const Result<fs::CloseOnExec> cloexec = (*table)->cloexec(fs::Fd{s.number});
  const Opt<fs::Path> at = (*f)->path();
  // What was opened by a name was opened by a program of 64 bits.
  u32 flags = (*f)->flags() | (at ? fs::oflag::largefile : 0U);
  if (cloexec.ok() && cloexec.value() == fs::CloseOnExec::yes) flags |= fs::oflag::cloexec;
  String more = (*f)->fdinfo();
  // Files say their position themselves; those without one are at 0.
  std::string_view rest = more.view();
  std::string_view position = "pos:\t0\n";
  if (rest.starts_with("pos:")) {
    const usize end = rest.find('\n') + 1;
    position = rest.substr(0, end);
    rest = rest.substr(end);
  }
  const Opt<Ref<fs::Inode>> inode = (*f)->inode();
  const u32 mount = at ? at->mount->id() : kNoMount;
  const u64 ino = inode ? (*inode)->ino() : 1;
  ostd::format_to(out, "{}flags:\t0{:o}\nmnt_id:\t{}\nino:\t{}\n{}", position, flags, mount, ino, rest);
  return Ok();
}

}  // namespace

Entry fd_link_entry() { return magic("", fd_text, fd_place); }
Entry fd_info_entry() { return traced("", 0444, fd_info); }

bool fd_open(const Subject& s) {
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  return t && (*t)->descriptor_mode(fs::Fd{s.number});
}

u16 fd_link_mode(const Subject& s) {
  const Opt<Ref<proc::Thread>> t = thread_of(s);
  const Opt<u16> mode = t ? (*t)->descriptor_mode(fs::Fd{s.number}) : none;
  return mode ? *mode : u16{0};
}

}  // namespace svc::procfs
