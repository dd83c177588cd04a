// SPDX-License-Identifier: MPL-2.0
// The file system "sysfs" [sysfs(5)]: the CPUs, and the folders that programs expect. It is made like procfs, of constant tables; the
// subject's number is that of a CPU.
#include <base/format.h>
#include <ostd/cpu.h>
#include <services/procfs/system_files.h>

namespace svc::procfs {
namespace {

// "0-3", or "0" when there is one.
Status all_cpus(const Subject& s, const Context& who, String& out) {
  if (cpu::count() > 1) ostd::format_to(out, "0-{}\n", cpu::count() - 1);
  else out.append("0\n");
  return Ok();
}
Status no_cpus(const Subject& s, const Context& who, String& out) {
  out.append('\n');
  return Ok();
}
Status kernel_max(const Subject& s, const Context& who, String& out) {
  ostd::format_to(out, "{}\n", cpu::count() - 1);
  return Ok();
}

// All CPUs are cores of one package, without a second thread.
Status number(const Subject& s, const Context& who, String& out) {
  ostd::format_to(out, "{}\n", s.number);
  return Ok();
}
Status zero(const Subject& s, const Context& who, String& out) {
  out.append("0\n");
  return Ok();
}
// Groups of 32 bits, the highest first; as many as the machine's CPUs need.
Status mask(String& out, u32 first, u32 end) {
  const u32 groups = (cpu::count() + 31) / 32;
  for (u32 g = groups; g > 0; --g) {
    u32 bits = 0;
    for (u32 i = 0; i < 32; ++i) {
      const u32 n = (g - 1) * 32 + i;
      if (n >= first && n < end) bits |= 1U << i;
    }
    if (g != groups) out.append(',');
    if (groups > 1 || cpu::count() > 28) ostd::format_to(out, "{:08x}", bits);
    else ostd::format_to(out, "{:x}", bits);
  }
  out.append('\n');
  return Ok();
}
Status own_mask(const Subject& s, const Context& who, String& out) { return mask(out, static_cast<u32>(s.number), static_cast<u32>(s.number) + 1); }
Status whole_mask(const Subject& s, const Context& who, String& out) { return mask(out, 0, cpu::count()); }

Status byte_order(const Subject& s, const Context& who, String& out) {
  out.append("little\n");
  return Ok();
}
Status address_bits(const Subject& s, const Context& who, String& out) {
  out.append("64\n");
  return Ok();
}

constexpr Array kTop{folder("block", 0755, Dir::empty), folder("bus", 0755, Dir::empty), folder("class", 0755, Dir::empty), folder("dev", 0755, Dir::empty),
    folder("devices", 0755, Dir::devices), folder("fs", 0755, Dir::empty), folder("kernel", 0755, Dir::kernel)};
constexpr Array kDevices{folder("system", 0755, Dir::devices_system)};
constexpr Array kSystem{folder("cpu", 0755, Dir::cpus)};
constexpr Array kCpus{text("isolated", 0444, no_cpus), text("kernel_max", 0444, kernel_max), text("offline", 0444, no_cpus), text("online", 0444, all_cpus),
    text("possible", 0444, all_cpus), text("present", 0444, all_cpus)};
constexpr Array kCpu{folder("topology", 0755, Dir::topology)};
constexpr Array kTopology{text("core_cpus", 0444, own_mask), text("core_cpus_list", 0444, number), text("core_id", 0444, number),
    text("core_siblings", 0444, whole_mask), text("core_siblings_list", 0444, all_cpus), text("package_cpus", 0444, whole_mask),
    text("package_cpus_list", 0444, all_cpus), text("physical_package_id", 0444, zero), text("thread_siblings", 0444, own_mask),
    text("thread_siblings_list", 0444, number)};
constexpr Array kKernel{text("address_bits", 0444, address_bits), text("cpu_byteorder", 0444, byte_order)};

}  // namespace

std::span<const Entry> sysfs_entries(Dir d) {
  switch (d) {
    case Dir::sysfs: return kTop.items();
    case Dir::devices: return kDevices.items();
    case Dir::devices_system: return kSystem.items();
    case Dir::cpus: return kCpus.items();
    case Dir::cpu: return kCpu.items();
    case Dir::topology: return kTopology.items();
    case Dir::kernel: return kKernel.items();
    default: return {};
  }
}

}  // namespace svc::procfs
