// SPDX-License-Identifier: MPL-2.0
// Which devices and file systems there are.
#include <services/boot/devices.h>
#include <services/fs/devices/memory_devices.h>
#include <services/fs/tmpfs/tmpfs.h>
#include <services/procfs/procfs.h>
#include <services/tty/console.h>
#include <services/tty/pty.h>

namespace svc::boot {
namespace {

class TmpfsType final : public proc::FileSystemType {
 public:
  TmpfsType(StaticStr name, u64 default_size) : name_(name), default_size_(default_size) {}
  Result<Ref<fs::FileSystem>> make(std::string_view options) const override {
    fs::TmpfsOptions o = TRY(fs::Tmpfs::parse_options(options, fs::TmpfsOptions{default_size_}));
    o.ends_unmounted = true;
    return Ref<fs::FileSystem>(fs::Tmpfs::create(name_, next_minor_.fetch_add(1), o));
  }

 private:
  StaticStr name_;
  u64 default_size_;
  Atomic<u32> next_minor_{20};
};

// devtmpfs: one instance for all mounts, with a node for every device of the table.
class DevtmpfsType final : public proc::FileSystemType {
 public:
  explicit DevtmpfsType(Ref<fs::DeviceTable> t) : table_(std::move(t)) {}
  Result<Ref<fs::FileSystem>> make(std::string_view options) const override {
    if (!instance_.is_set()) static_cast<void>(instance_.set(build()));
    return Ref<fs::FileSystem>(instance_.get());
  }

 private:
  struct Node { StaticStr name = ""; u32 major = 0; u32 minor = 0; u16 mode = 0; };
  Ref<fs::Tmpfs> build() const {
    fs::TmpfsOptions o{};
    o.size_bytes = 1 << 20;
    o.root_mode = fs::Mode{0755};
    const Ref<fs::Tmpfs> f = fs::Tmpfs::create("devtmpfs", 5, o);
    const Ref<fs::Inode> root = f->root();
    constexpr Array kNodes{Node{"null", 1, 3, 0666}, Node{"zero", 1, 5, 0666}, Node{"full", 1, 7, 0666}, Node{"random", 1, 8, 0666},
                           Node{"urandom", 1, 9, 0666}, Node{"tty", 5, 0, 0666}, Node{"console", 5, 1, 0600}, Node{"ptmx", 5, 2, 0666}};
    for (const Node& n : kNodes.items()) {
      if (!table_->find(DevId::make(n.major, n.minor))) continue;
      fs::Inode::NewInode x{};
      x.type = fs::FileType::character;
      x.mode = fs::Mode{n.mode};
      x.rdev = DevId::make(n.major, n.minor);
      static_cast<void>(root->create(n.name.view(), x).ok());
    }
    fs::Inode::NewInode d{};
    d.type = fs::FileType::directory;
    d.mode = fs::Mode{0755};
    static_cast<void>(root->create("pts", d).ok());
    static_cast<void>(root->create("shm", d).ok());
    return f;
  }
  Ref<fs::DeviceTable> table_;
  Once<Ref<fs::Tmpfs>> instance_{};
};

// One instance: the options of the last mount are those of all.
class DevptsType final : public proc::FileSystemType {
 public:
  explicit DevptsType(Ref<tty::PtyRegistry> p) : ptys_(std::move(p)) {}
  Result<Ref<fs::FileSystem>> make(std::string_view options) const override {
    TRY(ptys_->configure(options));
    return Ref<fs::FileSystem>(ptys_->devpts());
  }

 private:
  Ref<tty::PtyRegistry> ptys_;
};

}  // namespace

void add_devices(const proc::System& system, const fs::DeviceTable& table, Cap<Console, console::write | console::listen | kDup> console) {
  fs::add_memory_devices(table);
  Cap<Console, console::write> output = console.dup();
  tty::add_console(table, std::move(output), std::move(console));
}

void add_file_systems(const proc::System& system, const Ref<fs::DeviceTable>& table) {
  const Ref<tty::PtyRegistry> ptys = make_ref<tty::PtyRegistry>(table);
  tty::add_ptys(*table, ptys);
  system.add_file_system_type("devpts", Ref<proc::FileSystemType>(make_ref<DevptsType>(ptys)));
  system.add_file_system_type("tmpfs", Ref<proc::FileSystemType>(make_ref<TmpfsType>(StaticStr("tmpfs"), system.parts().memory_bytes / 2)));
  procfs::add_types(ref_of(system));
  system.add_file_system_type("devtmpfs", Ref<proc::FileSystemType>(make_ref<DevtmpfsType>(table)));
}

void open_console(const Context& who, const fs::FsContext& fs, const fs::FdTable& files) {
  const Opt<Ref<fs::Device>> d = fs.mounts()->devices().find(DevId::make(5, 1));
  if (!d) return;
  const Result<Ref<fs::File>> f = (*d)->open(fs::OpenArgs{fs::oflag::rdwr}, who);
  if (!f.ok()) return;
  for (u32 i = 0; i < 3; ++i) static_cast<void>(files.install(f.value(), fs::CloseOnExec::no, 1024).ok());
}

}  // namespace svc::boot
