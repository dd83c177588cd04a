// SPDX-License-Identifier: MPL-2.0
// /proc/meminfo. Without a page cache and without swap many of Linux's lines have a constant; what is not known is left out.
#include <base/format.h>
#include <ostd/reservation.h>
#include <services/procfs/system_files.h>

namespace svc::procfs {
namespace {

void line(String& out, StaticStr name, u64 pages) { ostd::format_to(out, "{:<16}{:>8} kB\n", name, pages << (kPageShift - 10)); }

// Pages of files that are mapped somewhere, each once: a page mapped n times counts n times one n-th.
Result<u64> mapped_pages(const proc::System& system) {
  constexpr u64 kOne = 1 << 20;
  u64 sum = 0;
  const proc::ProcessTree& tree = system.tree();
  for (Opt<Ref<proc::Process>> p = tree.next(Pid{0}); p; p = tree.next((*p)->pid())) {
    const Opt<Ref<proc::Thread>> t = (*p)->any_thread();
    const Opt<Ref<vm::Vm>> vm = t ? (*t)->vm() : Opt<Ref<vm::Vm>>();
    if (vm) sum += (*vm)->file_shares(kOne);
  }
  return (sum + kOne / 2) / kOne;
}

}  // namespace

Status meminfo(const Subject& s, const Context& who, String& out) {
  const mem::MemoryStats m = mem::stats();
  const AccountStats account = s.system->account()->stats();
  const u64 files = s.system->file_pages();
  const u64 kernel = m.heap_pages + m.table_pages + m.stack_pages;
  const u64 user = m.total_pages - m.free_pages > kernel ? m.total_pages - m.free_pages - kernel : 0;
  const u64 anonymous = user > files ? user - files : 0;
  const u64 limit = account.limit_pages < m.total_pages ? account.limit_pages : m.total_pages;
  line(out, "MemTotal:", m.total_pages);
  line(out, "MemFree:", m.free_pages);
  line(out, "MemAvailable:", m.free_pages);
  line(out, "Buffers:", 0);
  line(out, "Cached:", files);
  line(out, "SwapCached:", 0);
  // Nothing is reclaimed: all pages count as in use.
  line(out, "Active:", anonymous + files);
  line(out, "Inactive:", 0);
  line(out, "Active(anon):", anonymous + files);
  line(out, "Inactive(anon):", 0);
  line(out, "Active(file):", 0);
  line(out, "Inactive(file):", 0);
  line(out, "Unevictable:", 0);
  line(out, "SwapTotal:", 0);
  line(out, "SwapFree:", 0);
  line(out, "Dirty:", 0);
  line(out, "Writeback:", 0);
  line(out, "AnonPages:", anonymous);
  line(out, "Mapped:", TRY(mapped_pages(*s.system)));
  line(out, "Shmem:", files);
  line(out, "KReclaimable:", 0);
  line(out, "Slab:", m.heap_pages);
  line(out, "SReclaimable:", 0);
  line(out, "SUnreclaim:", m.heap_pages);
  line(out, "KernelStack:", m.stack_pages);
  line(out, "PageTables:", m.table_pages);
  line(out, "CommitLimit:", limit);
  line(out, "Committed_AS:", account.committed_pages);
  return Ok();
}

// There is no disk and no swapping, so that nothing goes to them.
Status vmstat(const Subject& s, const Context& who, String& out) {
  const mem::MemoryStats m = mem::stats();
  const u64 files = s.system->file_pages();
  ostd::format_to(out, "nr_free_pages {}\nnr_mapped {}\nnr_file_pages {}\nnr_dirty 0\nnr_writeback 0\nnr_shmem {}\nnr_slab_reclaimable 0\nnr_slab_unreclaimable {}\n",
                  m.free_pages, TRY(mapped_pages(*s.system)), files, files, m.heap_pages);
  ostd::format_to(out, "nr_page_table_pages {}\npgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n", m.table_pages);
  return Ok();
}

}  // namespace svc::procfs
