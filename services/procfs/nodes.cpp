// SPDX-License-Identifier: MPL-2.0
// Files and links: what they are like, opening and following them.
#include <ostd/time.h>
#include <services/procfs/memory_file.h>
#include <services/procfs/nodes.h>
#include <services/procfs/subject.h>
#include <services/procfs/text_file.h>

namespace svc::procfs {
namespace {

constexpr u64 kMagic = 0x9fa0;
constexpr u64 kRootIno = 1;
constexpr u64 kMagicLinkSize = 64;   // what lstat shows of links that lead to a place

class ProcType final : public proc::FileSystemType {
 public:
  explicit ProcType(Ref<ProcFs> instance) : instance_(std::move(instance)) {}
  Result<Ref<fs::FileSystem>> make(std::string_view options) const override {
    if (!options.empty()) return Errc::invalid_argument;
    return Ref<fs::FileSystem>(instance_);
  }

 private:
  Ref<ProcFs> instance_;
};

}  // namespace

Ref<proc::FileSystemType> proc_type(Ref<proc::System> system) {
  const Ref<Shared> shared = make_ref<Shared>(std::move(system));
  start_counting(shared);
  return make_ref<ProcType>(make_ref<ProcFs>(shared));
}

Ref<fs::Inode> ProcFs::root() const { return make_ref<DirNode>(ref_of(*this), Subject{shared_->system(), shared_}, Dir::root, u16{0555}, kRootIno); }

fs::StatFs ProcFs::statfs() const {
  fs::StatFs s{};
  s.type_magic = kMagic;
  return s;
}

Node::Node(Ref<ProcFs> fs, Subject subject, u64 ino)
    : fs_(std::move(fs)), subject_(std::move(subject)), ino_(ino), made_(FileTime{ostd::time::wall_now()}) {}

Status Node::rename(std::string_view name, const Ref<fs::Inode>& to_dir, std::string_view to_name, RenameMode mode) const {
  const Ref<fs::Inode> there = TRY(to_dir->lookup(to_name));
  return Errc::not_permitted;
}

bool Node::current() const { return alive(subject_) && (subject_.number < 0 || fd_open(subject_)); }

fs::Attr Node::base_attr(fs::FileType type, u16 mode) const {
  fs::Attr a{};
  a.ino = ino_;
  a.type = type;
  a.mode = fs::Mode{mode};
  a.block_size = 1024;
  a.atime = a.mtime = a.ctime = a.btime = made_;
  if (subject_.process) {
    const Owner o = owner_of(subject_, type == fs::FileType::directory && mode == 0555);
    a.uid = o.uid;
    a.gid = o.gid;
  }
  return a;
}

fs::Attr EntryNode::attr() const {
  fs::Attr a = base_attr(entry_.type, subject().number >= 0 && entry_.type == fs::FileType::symlink ? fd_link_mode(subject()) : entry_.mode);
  if (entry_.place) a.size = kMagicLinkSize;
  return a;
}

Result<String> EntryNode::read_link(const Context& who) const {
  if (!entry_.link) return Errc::invalid_argument;
  if (entry_.place) {
    if (!alive(subject())) return Errc::not_found;
    TRY(may_trace(who, subject()));
  }
  return entry_.link(subject(), who);
}

Result<Opt<fs::Path>> EntryNode::follow_magic(const Context& who) const {
  if (!entry_.place) return Opt<fs::Path>();
  if (!alive(subject())) return Errc::not_found;
  TRY(may_trace(who, subject()));
  return entry_.place(subject(), who);
}

Result<Opt<Ref<fs::File>>> EntryNode::open(const fs::OpenArgs& args, const Context& who) const {
  if (entry_.guard != Guard::none) TRY(may_trace(who, subject()));
  constexpr u32 kDropped = fs::oflag::creat | fs::oflag::excl | fs::oflag::noctty | fs::oflag::trunc | fs::oflag::cloexec;
  if (entry_.guard == Guard::memory) {
    const Opt<Ref<vm::Vm>> vm = vm_of(subject());
    const Weak<vm::Vm> of = vm ? Weak<vm::Vm>(*vm) : Weak<vm::Vm>();
    return Opt<Ref<fs::File>>(Ref<fs::File>(make_ref<MemoryFile>(Ref<fs::Inode>(ref_of(*this)), of, args.flags & ~kDropped)));
  }
  const Ref<TextFile> f = make_ref<TextFile>(Ref<fs::Inode>(ref_of(*this)), entry_, subject(), args.flags & ~kDropped);
  return Opt<Ref<fs::File>>(Ref<fs::File>(f));
}

}  // namespace svc::procfs
