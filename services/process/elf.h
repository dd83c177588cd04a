// SPDX-License-Identifier: MPL-2.0
// ELF64 images [elf(5), gabi 4.1]: checked headers only; any byte of the file may be hostile.
#pragma once
#include <base/vec.h>
#include <services/fs/file.h>
#include <services/vm/vm.h>

namespace svc::proc {

struct ElfSegment {
  u64 address = 0, file_size = 0, memory_size = 0, offset = 0;
  Prot prot{};
};

struct ElfImage {
  bool position_independent = false;
  u64 entry = 0;
  u64 headers_at = 0;        // address of the program headers in memory, before the load bias; 0: not mapped
  u16 header_count = 0;
  bool executable_stack = true;   // no PT_GNU_STACK: as Linux on x86-64 treats old programs
  Vec<ElfSegment> segments{};     // ascending, not overlapping in pages unless by shared border pages
  bool broken = false;            // segments that cannot be mapped: Linux notices when the old program is gone
  Opt<String> interpreter{};
  u64 lowest = 0, highest = 0;    // page range all segments need
};

// Reads and checks. Errors: not_executable, io, out_of_memory.
Result<ElfImage> read_elf(CapRef<fs::File, fs::file::execute> file, const Context& who);

struct Loaded {
  u64 bias = 0;
  u64 entry = 0;
  u64 headers = 0;
  u64 end = 0;               // first page after the image: where the break starts
  u64 start_code = 0, end_code = 0, start_data = 0, end_data = 0;
};
// Maps the image into an empty place of vm (bias chosen for position-independent ones near `base`).
Result<Loaded> map_elf(CapRef<vm::Vm, vm::memory::use | vm::memory::change> vm, const ElfImage& image, CapRef<fs::File, fs::file::execute> file, u64 base, const vm::VmLimits& limits);

}  // namespace svc::proc
