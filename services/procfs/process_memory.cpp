// SPDX-License-Identifier: MPL-2.0
// What a process's memory shows: arguments, environment, auxiliary vector, mappings.
#include <base/format.h>
#include <services/procfs/process_files.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

constexpr usize kNameColumn = 73;        // of maps

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

// What the area is, in the order of Linux's bits [proc(5): VmFlags]. Soft-dirty, huge pages, read hints: not kept here.
void vm_flags(const vm::AreaInfo& a, String& out) {
  struct Name { bool set = false; StaticStr text = ""; };
  const bool shared = a.sharing == vm::Sharing::shared;
  const Array names{Name{a.prot.read, "rd"}, Name{a.prot.write, "wr"}, Name{a.prot.exec, "ex"}, Name{shared && a.may_write, "sh"}, Name{a.may_read, "mr"},
                    Name{a.may_write, "mw"}, Name{a.may_exec, "me"}, Name{shared, "ms"}, Name{a.grows_down, "gd"}, Name{a.locked, "lo"},
                    Name{a.dont_fork, "dc"}, Name{a.lock_on_fault, "lf"}, Name{a.accounted, "ac"}, Name{a.no_reserve, "nr"},
                    Name{a.wipe_on_fork, "wf"}, Name{a.sealed, "sl"}};
  out.append("VmFlags: ");
  for (const Name& n : names.items())
    if (n.set) ostd::format_to(out, "{} ", n.text);
  out.append('\n');
}

struct Pages { u64 rss = 0, shared_clean = 0, shared_dirty = 0, private_clean = 0, private_dirty = 0, accessed = 0, anonymous = 0; };

}  // namespace

Status cmdline(const Subject& s, const Context& who, String& out) {
  TRY(process_of(s));
  const Opt<Ref<vm::Vm>> vm = vm_of(s);
  if (vm) (*vm)->command_line(out);
  return Ok();
}

Status environ(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out) {
  vm.environment(out);
  return Ok();
}

Status auxv(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out) {
  const Vec<u64> words = vm.auxv();
  for (const u64& w : words) out.append(as_bytes(w));
  return Ok();
}

Status maps(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out) {
  vm.each_area([&](const vm::AreaInfo& a) { prefix(a, out); });
  return Ok();
}

Status smaps(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out) {
  vm.each_area([&](const vm::AreaInfo& a) {
    prefix(a, out);
    Pages n{};
    const bool own = !a.file && a.sharing == vm::Sharing::private_;
    // Shares of a frame: this walk's, the mapping's, and of a file's page the file's.
    const u32 alone = own ? 2 : 3;
    vm.each_page(a, [&](const Mapping& m) {
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
    vm_flags(a, out);
  });
  return Ok();
}

}  // namespace svc::procfs
