// SPDX-License-Identifier: MPL-2.0
// What a process's memory shows: arguments, environment, auxiliary vector, mappings.
#include <base/format.h>
#include <ostd/user_io.h>
#include <services/procfs/process_files.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

constexpr u64 kMostText = 8ULL << 20;    // of arguments or environment, whatever the program says
constexpr usize kNameColumn = 73;        // of maps

// Appends [begin, end) of the user's memory; what cannot be read ends it.
void copy_memory(const vm::Vm& vm, u64 begin, u64 end, String& out) {
  if (begin >= end || end > kUserEnd.value) return;
  if (end - begin > kMostText) end = begin + kMostText;
  Array<u8, 1024> chunk{};
  for (u64 at = begin; at < end;) {
    const u64 n = end - at < chunk.size() ? end - at : chunk.size();
    if (!user::read_bytes(vm.space(), VirtAddr(at), chunk.items().subspan(0, n)).ok()) return;
    out.append(std::span<const u8>(chunk.items().subspan(0, n)));
    at += n;
  }
}

// Calls f for the resident pages of an area.
void each_page(const vm::Vm& vm, const vm::AreaInfo& a, FnRef<void(const Mapping&)> f) {
  const Cursor c(vm.space(), a.range);
  c.each(a.range, [&](VirtAddr, const Mapping& m) { f(m); });
}

void prefix(const vm::AreaInfo& a, String& out) {
  const usize start = out.size();
  const DevId dev = a.file ? (*a.file)->device() : DevId{};
  const u64 ino = a.file ? (*a.file)->inode_number() : 0;
  ostd::format_to(out, "{:08x}-{:08x} {}{}{}{} {:08x} {:02x}:{:02x} {} ", a.range.begin.value, a.range.end.value, a.prot.read ? 'r' : '-',
                  a.prot.write ? 'w' : '-', a.prot.exec ? 'x' : '-', a.sharing == vm::Sharing::shared ? 's' : 'p', a.file || a.sharing == vm::Sharing::shared ? a.offset : 0, dev.major(),
                  dev.minor(), ino);
  const String path = a.file ? (*a.file)->path() : String(a.name.view());
  if (!path.empty()) {
    while (out.size() - start < kNameColumn) out.append(' ');
    for (const char c : path.view()) {
      if (c == '\n') out.append("\\012");
      else out.append(c);
    }
  }
  out.append('\n');
}

void kib(String& out, StaticStr name, u64 pages) { ostd::format_to(out, "{:<16}{:>8} kB\n", name, pages << (kPageShift - 10)); }

struct Pages { u64 rss = 0, shared_clean = 0, shared_dirty = 0, private_clean = 0, private_dirty = 0, accessed = 0, anonymous = 0; };

}  // namespace

Resident resident(const vm::Vm& vm) {
  Resident r{};
  vm.each_area([&](const vm::AreaInfo& a) {
    u64 n = 0;
    each_page(vm, a, [&](const Mapping&) { ++n; });
    // Pages of a private mapping that can be written may be the process's own; they are counted as such.
    if (a.sharing == vm::Sharing::shared && !a.file) r.shared_memory += n;
    else if (a.file && (a.sharing == vm::Sharing::shared || !a.prot.write)) r.file += n;
    else r.anonymous += n;
  });
  return r;
}

// [proc(5) cmdline]: a program that overwrote the end of its arguments has one string there, which may go on into the environment.
Status cmdline(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (!vm) return Ok();
  const vm::Layout l = (*vm)->layout();
  copy_memory(**vm, l.arg_start.value, l.arg_end.value, out);
  if (out.empty() || out[out.size() - 1] == '\0') return Ok();
  if (l.env_start == l.arg_end) copy_memory(**vm, l.env_start.value, l.env_end.value, out);
  const usize end = out.view().find('\0');
  if (end != std::string_view::npos) out.truncate(end + 1);
  return Ok();
}

Status environ(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (!vm) return Ok();
  const vm::Layout l = (*vm)->layout();
  copy_memory(**vm, l.env_start.value, l.env_end.value, out);
  return Ok();
}

Status auxv(const Subject& s, const Context& who, String& out) {
  const Ref<proc::Process> p = TRY(process_of(s));
  if (!vm_of(s)) return Ok();
  const Vec<u64> words = p->program().with([](proc::Process::Program& g) { return g.auxv; });
  for (const u64& w : words) out.append(as_bytes(w));
  return Ok();
}

Status maps(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (vm) (*vm)->each_area([&](const vm::AreaInfo& a) { prefix(a, out); });
  return Ok();
}

Status smaps(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (!vm) return Ok();
  (*vm)->each_area([&](const vm::AreaInfo& a) {
    prefix(a, out);
    Pages n{};
    const bool own = !a.file && a.sharing == vm::Sharing::private_;
    // Shares of a frame: this walk's, the mapping's, and of a file's page the file's.
    const u32 alone = own ? 2 : 3;
    each_page(**vm, a, [&](const Mapping& m) {
      const bool shared = m.frame.share_count() > alone;
      ++n.rss;
      if (own) ++n.anonymous;
      if (m.accessed) ++n.accessed;
      if (shared) ++(m.dirty ? n.shared_dirty : n.shared_clean);
      else ++(m.dirty ? n.private_dirty : n.private_clean);
    });
    kib(out, "Size:", a.range.size() >> kPageShift);
    kib(out, "KernelPageSize:", 1);
    kib(out, "MMUPageSize:", 1);
    kib(out, "Rss:", n.rss);
    kib(out, "Shared_Clean:", n.shared_clean);
    kib(out, "Shared_Dirty:", n.shared_dirty);
    kib(out, "Private_Clean:", n.private_clean);
    kib(out, "Private_Dirty:", n.private_dirty);
    kib(out, "Referenced:", n.accessed);
    kib(out, "Anonymous:", n.anonymous);
    kib(out, "Swap:", 0);
  });
  return Ok();
}

}  // namespace svc::procfs
