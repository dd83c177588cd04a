// SPDX-License-Identifier: MPL-2.0
// Backtraces with names, for panics: frame pointers and the symbol table of our own executable.
#include "linux/host_file.h"
#include "linux/host_signals.h"

#include <common/target.h>
#include <cstring>
#include <elf.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {
using namespace ostd;

constinit std::span<const u8> g_file{};
constinit bool g_tried = false;

template <class T> const T* at(u64 offset, u64 count = 1) {
  if (offset > g_file.size() || count > (g_file.size() - offset) / sizeof(T)) return nullptr;
  // SAFETY: in bounds; ELF files align their tables, and x86 does not mind.
  return reinterpret_cast<const T*>(g_file.data() + offset);
}

// What names addresses when the executable is position independent: where __ehdr_start was loaded.
extern "C" const char __ehdr_start[];
}  // namespace

ostd::usize ostd::target::backtrace(std::span<u64> addresses) {
  // SAFETY: a number for the host, which reads there.
  u64 frame = reinterpret_cast<u64>(__builtin_frame_address(0));
  usize n = 0;
  if (const host::CrashSite c = host::crash_site(); c.ip != 0 && !addresses.empty()) {
    addresses[n++] = c.ip + 1;
    frame = c.bp;
  }
  while (n < addresses.size()) {
    u64 words[2] = {};  // the caller's frame, the return address
    // SAFETY: read as another process's memory is, so that a chain that leads nowhere is an error and not one more crash.
    const iovec to{words, sizeof words}, from{reinterpret_cast<void*>(frame), sizeof words};
    if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != sizeof words || words[1] == 0) break;
    addresses[n++] = words[1];
    if (words[0] <= frame) break;
    frame = words[0];
  }
  return n;
}

std::string_view ostd::target::symbol_name(u64 address, u64& offset) {
  if (!g_tried) {
    g_tried = true;
    g_file = host::map_file("/proc/self/exe").bytes;
  }
  const auto* eh = at<Elf64_Ehdr>(0);
  if (!eh || eh->e_ident[EI_MAG0] != ELFMAG0) return {};
  // SAFETY: only the address is used.
  const u64 base = eh->e_type == ET_DYN ? reinterpret_cast<u64>(__ehdr_start) : 0;
  for (u32 i = 0; i < eh->e_shnum; i++) {
    const auto* sh = at<Elf64_Shdr>(eh->e_shoff + i * sizeof(Elf64_Shdr));
    if (!sh || sh->sh_type != SHT_SYMTAB) continue;
    const auto* names = at<Elf64_Shdr>(eh->e_shoff + sh->sh_link * sizeof(Elf64_Shdr));
    const u64 count = sh->sh_size / sizeof(Elf64_Sym);
    const auto* syms = at<Elf64_Sym>(sh->sh_offset, count);
    if (!names || !syms) return {};
    for (u64 k = 0; k < count; k++) {
      const Elf64_Sym& s = syms[k];
      if (ELF64_ST_TYPE(s.st_info) != STT_FUNC || address - base - s.st_value >= s.st_size) continue;
      const u64 name = names->sh_offset + s.st_name;
      if (name >= g_file.size()) return {};
      offset = address - base - s.st_value;
      // SAFETY: in the mapped file, measured up to its end.
      const char* text = reinterpret_cast<const char*>(g_file.data() + name);
      return {text, strnlen(text, g_file.size() - name)};
    }
  }
  return {};
}
