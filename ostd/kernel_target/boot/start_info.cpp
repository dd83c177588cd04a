// SPDX-License-Identifier: MPL-2.0
// Decodes the hvm_start_info structure. Nothing in it is trusted beyond what the boot identity map can reach.
#include <boot/start_info.h>

namespace ostd::target {

constinit StartInfo start_info{};

namespace {
struct RawStartInfo {
  u32 magic, version, flags, module_count;
  u64 modules, command_line, rsdp, memory_map;
  u32 memory_map_entries, reserved;
};
struct RawModule { u64 address, size, command_line, reserved; };
struct RawRange { u64 address, size; u32 type, reserved; };
constexpr u32 kMagic = 0x336ec578;
constexpr u64 kReach = 1ULL << 32;

// Bytes the boot identity map reaches, or null.
const void* reach(u64 physical, u64 size) {
  if (physical == 0 || size > kReach || physical > kReach - size) return nullptr;
  // SAFETY: the boot page tables map the first 4 GiB one to one.
  return reinterpret_cast<const void*>(physical);
}
template <class T>
bool copy(u64 physical, T& to) {
  const void* from = reach(physical, sizeof(T));
  if (!from) return false;
  __builtin_memcpy(&to, from, sizeof(T));
  return true;
}

void add(PhysRange* list, usize& count, PhysRange r) {
  if (r.begin < r.end && count < StartInfo::kMaxRanges) list[count++] = r;
}
}  // namespace

bool read_start_info(u32 physical) {
  StartInfo& s = start_info;
  RawStartInfo raw;
  if (!copy(physical, raw) || raw.magic != kMagic) return false;
  s.rsdp = raw.rsdp;
  if (raw.version >= 1)
    for (u64 i = 0; i < raw.memory_map_entries && i < 4096; ++i) {
      RawRange r;
      if (!copy(raw.memory_map + i * sizeof r, r)) break;
      const u64 end = r.size > ~0ULL - r.address ? ~0ULL : r.address + r.size;
      if (r.type == 1) add(s.ram, s.ram_count, {r.address, end});
      else add(s.reserved, s.reserved_count, {r.address, end});
    }
  RawModule module;
  if (raw.module_count >= 1 && copy(raw.modules, module) && module.size != 0 && module.size < 1ULL << 40 &&
      module.address < 1ULL << 46)
    s.initramfs = {module.address, module.address + module.size};
  for (; s.command_line_size < sizeof s.command_line; ++s.command_line_size) {
    const void* c = reach(raw.command_line + s.command_line_size, 1);
    if (raw.command_line == 0 || !c || *static_cast<const char*>(c) == 0) break;
    s.command_line[s.command_line_size] = *static_cast<const char*>(c);
  }
  return true;
}

}  // namespace ostd::target
