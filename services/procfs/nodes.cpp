// SPDX-License-Identifier: MPL-2.0
// Files and links: what they are like, opening and following them.
#include <ostd/time.h>
#include <services/procfs/memory_file.h>
#include <services/procfs/nodes.h>
#include <services/procfs/subject.h>
#include <services/procfs/text_file.h>

namespace svc::procfs {
namespace {

constexpr u64 kMagic = 0x9fa0, kSysfsMagic = 0x62656572;
constexpr u64 kRootIno = 1;
constexpr u64 kMagicLinkSize = 64;   // what lstat shows of links that lead to a place

Opt<DynCap<vm::Vm>> memory_of(Traced t) {
  Opt<Cap<vm::Vm, vm::memory::inspect | vm::memory::read | vm::memory::write>> m = t.memory();
  return m ? Opt<DynCap<vm::Vm>>(DynCap<vm::Vm>(*std::move(m))) : none;
}
// What an open file keeps of it: not the memory itself, which ends with its program.
Opt<WeakCap<vm::Vm>> kept(Opt<DynCap<vm::Vm>> memory, Rights<vm::Vm> rights) {
  return memory ? Opt<WeakCap<vm::Vm>>(WeakCap<vm::Vm>((*std::move(memory)).narrow(rights))) : none;
}

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

void add_types(const Ref<proc::System>& system) {
  const Ref<Shared> shared = make_ref<Shared>(system);
  start_counting(shared);
  system->add_file_system_type("proc", Ref<proc::FileSystemType>(make_ref<ProcType>(make_ref<ProcFs>(shared))));
  system->add_file_system_type("sysfs", Ref<proc::FileSystemType>(make_ref<ProcType>(make_ref<ProcFs>(shared, Dir::sysfs))));
}

Ref<fs::Inode> ProcFs::root() const { return make_ref<DirNode>(ref_of(*this), Subject{shared_->system(), shared_}, top_, u16{0555}, kRootIno); }

fs::StatFs ProcFs::statfs() const {
  fs::StatFs s{};
  s.type_magic = top_ == Dir::sysfs ? kSysfsMagic : kMagic;
  return s;
}

Node::Node(Ref<ProcFs> fs, Subject subject, u64 ino)
    : fs_(std::move(fs)), subject_(std::move(subject)), ino_(ino), made_(FileTime{ostd::time::wall_now()}) {}

Status Node::rename(std::string_view name, const Ref<fs::Inode>& to_dir, std::string_view to_name, RenameMode mode) const {
  const Ref<fs::Inode> there = TRY(to_dir->lookup(to_name));
  return Errc::not_permitted;
}

// Nothing can be made, and each of the two says so in its way.
Result<Ref<fs::Inode>> Node::create(std::string_view name, const NewInode& what) const {
  if (!fs_->is_sysfs()) return Errc::not_found;
  return what.type == fs::FileType::regular ? Errc::access_denied : Errc::not_permitted;
}

bool Node::current() const { return alive(subject_) && (subject_.number < 0 || !subject_.process || fd_open(subject_)); }

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
  if (entry_.link) return entry_.link(subject(), who);
  if (!entry_.traced_link) return Errc::invalid_argument;
  if (!alive(subject())) return Errc::not_found;
  const Opt<Cap<proc::Thread, proc::thread::trace>> t = TRY(may_trace(who, subject()));
  if (!t) return Errc::not_found;
  return entry_.traced_link(*t, subject(), who);
}

Result<Opt<fs::Path>> EntryNode::follow_magic(const Context& who) const {
  if (!entry_.place) return Opt<fs::Path>();
  if (!alive(subject())) return Errc::not_found;
  const Opt<Cap<proc::Thread, proc::thread::trace>> t = TRY(may_trace(who, subject()));
  if (!t) return Errc::not_found;
  return Opt<fs::Path>(TRY(entry_.place(*t, subject())));
}

Result<Opt<Ref<fs::File>>> EntryNode::open(const fs::OpenArgs& args, const Context& who) const {
  constexpr u32 kDropped = fs::oflag::creat | fs::oflag::excl | fs::oflag::noctty | fs::oflag::trunc | fs::oflag::cloexec;
  const u32 flags = args.flags & ~kDropped;
  if (proc()->is_sysfs() && (flags & fs::oflag::access_mask) != fs::oflag::rdonly && !entry_.write) return Errc::access_denied;
  Grant grant{};
  if (entry_.guard == Guard::thread || (entry_.guard != Guard::none && vm_of(subject()))) grant.thread = TRY(may_trace(who, subject()));
  else if (entry_.guard == Guard::mappings) TRY(process_of(subject()));
  else if (entry_.guard != Guard::none) return Errc::no_process;  // a zombie
  Opt<DynCap<vm::Vm>> memory = entry_.guard > Guard::thread && grant.thread ? memory_of(*grant.thread) : none;
  if (entry_.guard == Guard::memory) {
    const u32 mode = flags & fs::oflag::access_mask;
    const Rights<vm::Vm> none{};
    const Rights<vm::Vm> asked = (mode != fs::oflag::wronly ? vm::memory::read : none) | (mode != fs::oflag::rdonly ? vm::memory::write : none);
    return Opt<Ref<fs::File>>(Ref<fs::File>(make_ref<MemoryFile>(Ref<fs::Inode>(ref_of(*this)), kept(std::move(memory), asked), flags)));
  }
  if (entry_.guard == Guard::opened && memory) {
    String now{};
    TRY(entry_.memory_text(TRY(memory->as<vm::memory::inspect | vm::memory::read>()), now));
    grant.text = std::move(now);
  }
  if (entry_.guard == Guard::text || entry_.guard == Guard::mappings) grant.memory = kept(std::move(memory), vm::memory::inspect | vm::memory::read);
  if (entry_.guard != Guard::thread) grant.thread.reset();
  const Ref<TextFile> f = make_ref<TextFile>(Ref<fs::Inode>(ref_of(*this)), entry_, subject(), std::move(grant), flags);
  return Opt<Ref<fs::File>>(Ref<fs::File>(f));
}

}  // namespace svc::procfs
