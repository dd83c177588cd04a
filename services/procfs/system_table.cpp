// SPDX-License-Identifier: MPL-2.0
// The root of procfs, and its short files.
#include <base/format.h>
#include <ostd/machine.h>
#include <services/procfs/links.h>
#include <services/procfs/subject.h>
#include <services/procfs/system_files.h>

namespace svc::procfs {
namespace {

Status version(const Subject& s, const Context& who, String& out) {
  const proc::UtsName u = s.system->uts().with([](proc::UtsName& n) { return n; });
  ostd::format_to(out, "{} version {} (albireo@albireo) (clang {}.{}) {}\n", u.sysname, u.release, ostd::kCompilerMajor, ostd::kCompilerMinor, u.version);
  return Ok();
}

Status filesystems(const Subject& s, const Context& who, String& out) {
  for (const String& name : s.system->file_system_names()) {
    const Opt<Ref<proc::FileSystemType>> type = s.system->file_system_type(name.view());
    if (!type || !(*type)->needs_device()) out.append("nodev");
    ostd::format_to(out, "\t{}\n", name);
  }
  return Ok();
}

Status kernel_command_line(const Subject& s, const Context& who, String& out) {
  out.append(s.system->parts().command_line);
  out.append('\n');
  return Ok();
}

// There is no swapping.
Status swaps(const Subject& s, const Context& who, String& out) {
  out.append("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
  return Ok();
}

// What Linux calls the drivers of these numbers; only those that are here are listed.
constexpr i32 kAny = -1;
struct Driver { u32 major = 0; i32 minor = 0; StaticStr name = ""; };
constexpr Array kDrivers{Driver{1, kAny, "mem"}, Driver{4, 0, "/dev/vc/0"}, Driver{5, 0, "/dev/tty"},
    Driver{5, 1, "/dev/console"}, Driver{5, 2, "/dev/ptmx"}, Driver{10, kAny, "misc"}, Driver{136, kAny, "pts"}};

Status devices(const Subject& s, const Context& who, String& out) {
  out.append("Character devices:\n");
  Vec<DevId> all{};
  s.system->parts().mounts->devices().each([&](DevId d) { all.push_back(d); });
  for (const Driver& d : kDrivers.items()) {
    bool here = false;
    for (const DevId& x : all) here = here || (x.major() == d.major && (d.minor == kAny || static_cast<i32>(x.minor()) == d.minor));
    if (here) ostd::format_to(out, "{:>3} {}\n", d.major, d.name);
  }
  out.append("\nBlock devices:\n");
  return Ok();
}

constexpr Array kRoot{text("cmdline", 0444, kernel_command_line), text("cpuinfo", 0444, cpuinfo), text("devices", 0444, devices),
    text("filesystems", 0444, filesystems), text("loadavg", 0444, loadavg), text("meminfo", 0444, meminfo), link("mounts", mounts_text),
    text("stat", 0444, system_stat), text("swaps", 0444, swaps), folder("sys", 0555, Dir::sys), folder("sysvipc", 0555, Dir::sysvipc), text("uptime", 0444, uptime),
    text("version", 0444, version), text("vmstat", 0444, vmstat), link("self", self_text), link("thread-self", thread_self_text)};

}  // namespace

std::span<const Entry> root_entries() { return kRoot.items(); }

}  // namespace svc::procfs
