// SPDX-License-Identifier: MPL-2.0
// What a core dump is made of. Private to core_file.cpp, core_notes.cpp and core_segments.cpp.
#pragma once
#include <services/process/core_dump.h>
#include <services/process/raw_regs.h>

namespace svc::proc {

using CoreMemory = CapRef<vm::Vm, vm::memory::inspect | vm::memory::read>;

// A mapping, and how much of it is dumped.
struct Segment {
  VirtRange range{};
  Prot prot{};
  u64 offset = 0, dumped = 0;
  Opt<Ref<MappedFile>> file{};
};
using Segments = Map<u64, Segment>;

// ---- core_segments.cpp ----
// wanted: the bits of coredump_filter. Errors: out_of_memory.
Result<Segments> segments_of(CoreMemory m, u32 wanted);

// ---- core_notes.cpp: contents of notes ----
inline constexpr usize kStatusNote = 336, kProcessNote = 136;
Vec<u8> status_note(Caller& c, const CoreThread& t, Signo s);
Vec<u8> process_note(Caller& c, CoreMemory m);
// How many files, the size of a page; start, end and page of each mapping; their names. Errors: out_of_memory.
Result<Vec<u8>> file_note(const Segments& segments);

}  // namespace svc::proc
