// SPDX-License-Identifier: MPL-2.0
// A core dump as an ELF file [elf(5), core(5)]: notes of the process and each of its threads, and its memory. Pages that were never
// touched are holes. A limit cuts it off.
#include <services/fs/core_file.h>
#include <services/process/core_parts.h>

namespace svc::proc {
namespace {

// ---- what the notes are made of [<linux/elfcore.h>] ----
struct ElfHeader {
  Array<u8, 16> ident{{0x7f, 'E', 'L', 'F', 2, 1, 1}};
  u16 type = 4, machine = 62;            // ET_CORE, EM_X86_64
  u32 version = 1;
  u64 entry = 0, program_headers = 64, section_headers = 0;
  u32 flags = 0;
  u16 size = 64, program_header_size = 56, program_header_count = 0, section_header_size = 0, section_header_count = 0, names = 0;
};
static_assert(sizeof(ElfHeader) == 64);
struct ProgramHeader {
  u32 type = 1, flags = 0;               // PT_LOAD
  u64 offset = 0, address = 0, physical = 0, in_file = 0, in_memory = 0, align = kPageSize;
};
static_assert(sizeof(ProgramHeader) == 56);
constexpr u32 kPtNote = 4;
constexpr usize kMostSegments = 0xfffd;  // with the notes fewer than PN_XNUM, which says that the number stands elsewhere

struct NoteHeader { u32 name_size = 0, size = 0, type = 0; };
constexpr usize kNoteHead = 12 + 8;      // with a name of five or six bytes
namespace nt { constexpr u32 prstatus = 1, fpregset = 2, prpsinfo = 3, auxv = 6, siginfo = 0x53494749, file = 0x46494c45, xstate = 0x202; }

u64 aligned(u64 n) { return (n + 3) & ~3ULL; }
u64 note_size(u64 content) { return kNoteHead + aligned(content); }

// ---- the file ----
class CoreWriter {
 public:
  CoreWriter(fs::CoreFile to, u64 limit) : to_(std::move(to)), limit_(limit) {}
  bool put(const Caller& c, std::span<const u8> bytes) {
    if (written_ + bytes.size() > limit_ || c.thread()->exiting()) return false;
    if (!to_.write(c, at_, bytes).ok()) return false;
    at_ += bytes.size();
    written_ += bytes.size();
    end_ = at_;
    return true;
  }
  void skip_to(u64 at) { at_ = at; }
  void skip(u64 n) { at_ += n; }
  bool note(const Caller& c, std::string_view name, u32 type, std::span<const u8> content) {
    Array<u8, 8> padded{};
    for (usize i = 0; i < name.size(); ++i) padded[i] = static_cast<u8>(name[i]);
    const Array<u8, 3> zeros{};
    return put(c, as_bytes(NoteHeader{static_cast<u32>(name.size() + 1), static_cast<u32>(content.size()), type})) && put(c, padded.items()) && put(c, content) &&
           put(c, zeros.items().first(aligned(content.size()) - content.size()));
  }
  // A hole at the end counts.
  void end(const Caller& c) {
    if (at_ <= end_) return;
    const Array<u8, 1> zero{};
    --at_;
    static_cast<void>(put(c, zero.items()));
  }

 private:
  fs::CoreFile to_;
  u64 limit_, written_ = 0, at_ = 0, end_ = 0;
};

bool thread_notes(CoreWriter& w, Caller& c, CoreThread& t) {
  if (t.fpu.size() < kFxsave) t.fpu = Vec<u8>::filled(c.context().fpu_size(), 0);
  const std::span<u8> fpu = t.fpu.items();
  if (!w.note(c, "CORE", nt::fpregset, fpu.first(kFxsave))) return false;
  if (fpu.size() <= kFxsave) return true;
  put_features(fpu, c.context().fpu_features());
  return w.note(c, "LINUX", nt::xstate, fpu);
}

ProgramHeader header_of(const Segment& s, u64 offset) {
  ProgramHeader h{};
  h.flags = (s.prot.read ? 4U : 0U) | (s.prot.write ? 2U : 0U) | (s.prot.exec ? 1U : 0U);
  h.offset = offset;
  h.address = s.range.begin.value;
  h.in_file = s.dumped;
  h.in_memory = s.range.size();
  return h;
}

struct Content {
  Vec<u8> auxv{};
  Vec<u8> files{};
};

bool write_notes(CoreWriter& w, Caller& c, CoreMemory m, const SigInfo& i, Map<i32, CoreThread>& threads, const Content& content) {
  const i32 me = c.thread()->tid().value;
  bool ok = true;
  threads.with(me, [&](CoreThread& t) {
    const RawSigInfo info = to_raw(i);
    ok = w.note(c, "CORE", nt::prstatus, status_note(c, t, i.signo).items()) && w.note(c, "CORE", nt::prpsinfo, process_note(c, m).items()) &&
         w.note(c, "CORE", nt::siginfo, as_bytes(info)) && w.note(c, "CORE", nt::auxv, content.auxv.items()) &&
         (content.files.empty() || w.note(c, "CORE", nt::file, content.files.items())) && thread_notes(w, c, t);
  });
  threads.each([&](const i32& tid, CoreThread& t) {
    if (!ok || tid == me) return;
    ok = w.note(c, "CORE", nt::prstatus, status_note(c, t, i.signo).items()) && thread_notes(w, c, t);
  });
  return ok;
}

// A bounded number of bytes each, so that a SIGKILL is seen soon.
bool write_memory(CoreWriter& w, const Caller& c, CoreMemory m, const Segments& segments) {
  Vec<u8> page = Vec<u8>::filled(kPageSize, 0);
  bool ok = true;
  segments.each([&](const u64&, const Segment& s) {
    for (u64 done = 0; ok && done < s.dumped; done += kPageSize) {
      if (m.snapshot(s.range.begin + done, page.items())) ok = w.put(c, page.items());
      else w.skip(kPageSize);
      ostd::task::preempt_point();
    }
  });
  return ok;
}

}  // namespace

bool write_core(Caller& c, fs::CoreFile to, const SigInfo& i, Map<i32, CoreThread>& threads) {
  const Opt<Cap<vm::Vm, vm::memory::all>> own = c.me().own_memory();
  if (!own) return false;
  const CapRef<vm::Vm, vm::memory::all> all = *own;
  const CoreMemory m = all;
  const Result<Segments> found = segments_of(m, c.self().words().core_filter.load());
  if (!found.ok()) return false;
  const Segments& segments = found.value();
  if (segments.size() > kMostSegments) return false;
  Content content{};
  const Vec<u64> auxv = m.auxv();
  for (usize k = 0; k + 1 < auxv.size(); k += 2) {
    content.auxv.append(as_bytes(auxv[k]));
    content.auxv.append(as_bytes(auxv[k + 1]));
    if (auxv[k] == 0) break;
  }
  Result<Vec<u8>> files = file_note(segments);
  if (!files.ok()) return false;
  content.files = std::move(files).value();
  const usize fpu = c.context().fpu_size();
  u64 notes = note_size(kProcessNote) + note_size(sizeof(RawSigInfo)) + note_size(content.auxv.size());
  if (!content.files.empty()) notes += note_size(content.files.size());
  notes += threads.size() * (note_size(kStatusNote) + note_size(kFxsave) + (fpu > kFxsave ? note_size(fpu) : 0));
  if (!mem::reserve(16).ok()) return false;

  CoreWriter w(std::move(to), c.process()->limit(Resource::core).soft);
  ElfHeader head{};
  head.program_header_count = static_cast<u16>(segments.size() + 1);
  ProgramHeader note{};
  note.type = kPtNote;
  note.offset = sizeof(ElfHeader) + sizeof(ProgramHeader) * (segments.size() + 1);
  note.in_file = notes;
  note.align = 4;
  const u64 data = page_up(note.offset + notes);
  // From here on there is a dump, however little of it the limit leaves.
  bool ok = w.put(c, as_bytes(head)) && w.put(c, as_bytes(note));
  u64 offset = data;
  segments.each([&](const u64&, const Segment& s) {
    ok = ok && w.put(c, as_bytes(header_of(s, offset)));
    offset += s.dumped;
  });
  ok = ok && write_notes(w, c, m, i, threads, content);
  if (!ok) return true;
  w.skip_to(data);
  if (write_memory(w, c, m, segments)) w.end(c);
  return true;
}

}  // namespace svc::proc
