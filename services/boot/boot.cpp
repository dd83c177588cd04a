// SPDX-License-Identifier: MPL-2.0
// The composition root: builds the components, hands out capabilities, starts the first program. The only place that sees all.
#include <ostd/log.h>
#include <services/boot/boot.h>
#include <services/boot/command_line.h>
#include <services/boot/devices.h>
#include <services/fs/cpio.h>
#include <services/fs/namei.h>
#include <services/fs/tmpfs/tmpfs.h>
#include <services/process/exec.h>
#include <services/process/groups.h>
#include <services/process/thread_loop.h>
#include <services/sched/policy.h>
#include <services/syscall/table.h>

namespace svc::boot {
namespace {

constexpr u8 kExitBoot = 100;   // exit code of a machine that could not start its first program

[[noreturn]] void give_up(CapRef<Power, power::off> power, std::string_view what, std::string_view hint) {
  log::raw(ostd::format("albireo: {}\n         {}\n", what, hint).view());
  power.off(kExitBoot);
}

proc::UtsName uts_name(StaticStr machine) {
  proc::UtsName u{};
  u.sysname = String("Linux");
  u.nodename = String("(none)");
  u.release = String("6.12.0-albireo");
  u.version = ostd::format("#1 SMP Albireo ({})", machine);
  u.machine = String("x86_64");
  u.domain = String("(none)");
  return u;
}

fs::TmpfsOptions tmpfs_options(usize memory_bytes) {
  fs::TmpfsOptions o{};
  o.size_bytes = memory_bytes / 2;
  return o;
}

// The default programs, as Linux looks for them.
Vec<String> init_candidates(const CommandLine& line) {
  Vec<String> v{};
  if (line.init) {
    v.push_back(*line.init);
    return v;
  }
  constexpr Array kUsual{StaticStr("/init"), StaticStr("/sbin/init"), StaticStr("/etc/init"), StaticStr("/bin/init"), StaticStr("/bin/sh")};
  for (const StaticStr& s : kUsual.items()) v.push_back(String(s.view()));
  return v;
}

std::string_view reason(Errc e, bool opened) {
  switch (e) {
    case Errc::not_found:
      return opened ? "the interpreter that its #! line or its ELF header names is not in the initramfs" : "there is no such file in the initramfs";
    case Errc::access_denied: return "it is not an executable file";
    case Errc::not_executable: return "it is not an x86-64 ELF program or a script";
    case Errc::out_of_memory: return "there is not enough memory; use --memory with more";
    default: return "it could not be loaded";
  }
}

}  // namespace

namespace {

void run(Boot b) {
  log::configure(b.command_line.view());
  if (cpu::user_isolated()) log::info<"cpu">("Kernel/User page tables isolation: enabled");
  ostd::scheduler::install(make_own<sched::Policy>());
  const CommandLine line = parse_command_line(b.command_line.view());
  const RootKey key{};
  const auto power = Cap<Power, power::off | power::reboot | power::halt | kDup>::mint(key, b.power);
  if (!b.initramfs) give_up(power, "no initramfs was given", "start the machine with one: --initramfs FILE (QEMU: -initrd FILE)");
  const Ref<fs::DeviceTable> devices = make_ref<fs::DeviceTable>();
  const Ref<fs::Tmpfs> rootfs = fs::Tmpfs::create("rootfs", 2, tmpfs_options(b.memory_bytes));
  const Ref<fs::Dentry> root = make_ref<fs::Dentry>(String(), Opt<Ref<fs::Dentry>>(), rootfs->root());
  const Ref<fs::Mount> mount = make_ref<fs::Mount>(rootfs, root, String("rootfs"), fs::MountFlags{}, 1);
  auto mounts = fs::MountNamespace::create(mount, devices);
  const Result<fs::UnpackReport> unpacked = fs::unpack_cpio(**b.initramfs, root);
  if (!unpacked.ok())
    give_up(power, unpacked.error() == Errc::no_space || unpacked.error() == Errc::out_of_memory ? "the initramfs does not fit into memory" : "the initramfs is not an uncompressed cpio archive (newc), or it is damaged",
            unpacked.error() == Errc::no_space || unpacked.error() == Errc::out_of_memory ? "use --memory with more" : "make it with: find . | cpio -o -H newc, or let tools/albireo make it");
  (*b.initramfs)->release();

  const Ref<proc::ProcessTree> tree = make_ref<proc::ProcessTree>();
  const Ref<proc::System> system = make_ref<proc::System>(proc::System::Parts{tree, make_ref<proc::FutexTable>(), b.root_account, mounts.ref(), make_ref<fs::PipeFs>(),
      uts_name(b.machine), b.command_line.copy(), b.memory_bytes, line.strace, line.testing, StaticFn<void(proc::Caller&)>(sys::dispatch)},
      proc::System::Authority{power.dup(), Cap<WallClock, wall_clock::set>::mint(key, b.wall_clock)});
  if (!line.random_places) system->randomize().store(0);
  ostd::set_debug_root(system);
  system->uts().with([&](proc::UtsName& u) { u = uts_name(b.machine); });
  add_devices(*system, *devices, Cap<Console, console::write | console::listen | kDup>::mint(key, b.console));
  add_file_systems(*system, devices);

  const Pid pid{1};
  static_cast<void>(tree->allocate_id().ok());  // number 1
  const Ref<proc::ProcessGroup> group = proc::ProcessTree::first_group(tree, pid);
  const Ref<Credentials> cred = make_ref<Credentials>(CredentialValues{});
  const fs::Path top = mounts->root();
  const Ref<fs::FsContext> fsc = make_ref<fs::FsContext>(std::move(mounts), top, top, 022);
  const Ref<fs::FdTable> files = make_ref<fs::FdTable>();
  const Cap<proc::Process, proc::process::all> init = proc::Process::create(pid, system, make_ref<proc::SigActions>(), b.root_account);
  init.words().exit_signal.store(0);
  // Nothing that runs before the first program touches user memory.
  const DetachedContext who(cred, MUST(AddressSpace::create()), pid, pid, ~0ULL);
  Errc error = Errc::not_found;
  bool opened = false;
  String tried{};
  for (const String& path : init_candidates(line)) {
    tried = path;
    Result<Cap<fs::File, fs::file::execute>> file = proc::open_exec(who, *fsc, fsc->root(), path.view(), fs::walk::follow);
    if (!file.ok()) {
      error = file.error();
      continue;
    }
    opened = true;
    proc::ExecRequest r{std::move(file).value(), path.copy()};
    r.randomize = proc::randomize_of(system->randomize().load());
    r.argv.add(path.view());
    for (const String& a : line.arguments) r.argv.add(a.view());
    for (const String& e : environment(line)) r.envp.add(e.view());
    Result<proc::FirstImage> image = proc::load_first(who, init, std::move(r), b.root_account, *fsc);
    if (!image.ok()) {
      error = image.error();
      break;
    }
    open_console(who, *fsc, *files);
    Cap<proc::Thread, proc::thread::all> t = proc::Thread::create(pid, init.ref(), std::move(image.value().vm), files, fsc, cred);
    t.set_name(path.view().substr(path.view().find_last_of('/') + 1));
    t.words().traced.store(line.strace ? proc::watch::printed : 0);
    tree->add_thread(t);
    init.add_thread(t.ref());
    tree->add(init.dup(), none, group);
    static_cast<void>(system->init().set(init.ref()));
    log::notice<"boot">("albireo: {} files unpacked, starting {}", unpacked.value().files, path);
    const Status started = proc::start_thread(std::move(t), init.dup(), std::move(image.value().ctx));
    if (!started.ok()) give_up(power, "the first task could not be started", "use --memory with more");
    return;
  }
  give_up(power, ostd::format("cannot run {}: {}", tried, reason(error, opened)).view(), "name the first program with init=PATH (tools/albireo run --init PATH)");
}

}  // namespace

void start(Boot b) { run(std::move(b)); }

}  // namespace svc::boot

void ostd::machine_main(ostd::Boot boot) { svc::boot::start(std::move(boot)); }
