// SPDX-License-Identifier: MPL-2.0
#include <common/account.h>
#include <common/frame_alloc.h>
#include <common/percpu.h>
#include <cstdlib>
#include <cstring>
#include <machine.h>
#include <mutex>
#include <ostd/log.h>
#include <sys/mman.h>
#include <unistd.h>

namespace fake {
using namespace ostd;

std::vector<Flush> flushes;
std::function<void()> on_flush;
bool refuse_address_spaces = false;
bool slow_to_forget = false;

namespace {

constexpr usize kMemory = 64 << 20;
constexpr u32 kCpus = 4;
// A hole in the middle, and a start that is not at the beginning, as on real machines.
const target::MemoryRegion kRegions[] = {{PhysAddr{0x10'0000}, PhysAddr{0x180'0000}}, {PhysAddr{0x181'3000}, PhysAddr{kMemory}}};

u8* reserve_addresses(usize size, usize align) {
  u8* p = static_cast<u8*>(mmap(nullptr, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  return p + ((reinterpret_cast<u64>(p) + align - 1) / align * align - reinterpret_cast<u64>(p));
}
int memory_file() {
  static const int fd = [] {
    const int f = memfd_create("fake-memory", MFD_CLOEXEC);
    if (ftruncate(f, kMemory) != 0) std::abort();
    return f;
  }();
  return fd;
}
u8* memory() {
  static u8* const p = static_cast<u8*>(
    mmap(reserve_addresses(kMemory, 2 << 20), kMemory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory_file(), 0));
  return p;
}
// Only `mem` and preempt_count of it are used; the rest stays zero and is never constructed.
common::PerCpu& cpu_record(u32 i) {
  alignas(64) static u8 room[kCpus][sizeof(common::PerCpu)];
  return *reinterpret_cast<common::PerCpu*>(room[i]);
}
// Of a task, only `memory` is used.
Task::Core& task_record(u32 cpu) {
  alignas(64) static u8 room[kCpus][sizeof(Task::Core)];
  return *reinterpret_cast<Task::Core*>(room[cpu]);
}

}  // namespace

OnCpu::OnCpu(u32 index) {
  static std::once_flag once;
  target::fake_cpu.index = index;
  target::fake_cpu.common = &cpu_record(index);
  cpu_record(index).current = &task_record(index);
  std::call_once(once, [] { common::memory_init(); });
}
OnCpu::~OnCpu() {
  mem::unreserve();
  target::fake_cpu.common = nullptr;
}

void as_task(const Account& account, const std::function<void()>& f) {
  common::TaskMemory& t = target::this_cpu()->current->memory;
  const common::TaskMemory before = t;
  t = {};
  common::task_memory_attach(t, account);
  f();
  common::task_memory_detach(t);
  t = before;
}

Ref<Account> root() { return common::root_account_ref(); }

usize free_frames() {
  mem::unreserve();
  return mem::stats().free_pages + mem::stats().heap_pages;
}

}  // namespace fake

using namespace ostd;

auto ostd::common::current_task_memory() -> TaskMemory& { return target::this_cpu()->current->memory; }
auto ostd::common::wait_politely() -> void { sched_yield(); }
auto ostd::common::check_may_sleep(const char* what) -> void {
  if (target::this_cpu()->preempt_count != 0) panic(what);
}
auto ostd::common::innermost_mutex_rank() -> u16 { return 0; }
auto ostd::log::detail::enabled(Level, StaticStr) -> bool { return false; }
auto ostd::log::detail::emit(Level, StaticStr, std::string_view) -> void {}
auto ostd::target::backtrace(std::span<u64>) -> usize { return 0; }
auto ostd::target::symbol_name(u64, u64&) -> std::string_view { return {}; }
auto ostd::detail::preempt_slow() -> void {}

auto ostd::target::highest_memory() -> PhysAddr { return PhysAddr{fake::kMemory}; }
auto ostd::target::usable_memory() -> std::span<const MemoryRegion> { return fake::kRegions; }
auto ostd::target::phys_to_virt(PhysAddr p) -> u8* { return fake::memory() + p.value; }
auto ostd::target::virt_to_phys(const void* p) -> PhysAddr { return PhysAddr{static_cast<u64>(static_cast<const u8*>(p) - fake::memory())}; }
auto ostd::target::early_alloc(usize bytes) -> void* {
  void* p = std::aligned_alloc(4096, (bytes + 4095) & ~usize{4095});
  std::memset(p, 0, bytes);
  return p;
}
auto ostd::target::piece_area(u64 size, u64 align) -> u8* { return fake::reserve_addresses(size, align); }
auto ostd::target::add_piece_table(u8*, PhysAddr) -> void {}
auto ostd::target::piece_entry(PhysAddr frame) -> u64 { return frame.value | 1; }
auto ostd::target::map_pieces(u8* at, std::span<const u64> entries) -> void {
  for (usize i = 0; i != entries.size(); ++i)
    if (mmap(at + i * kPageSize, kPageSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fake::memory_file(),
             static_cast<off_t>(entries[i] & ~u64{kPageMask})) == MAP_FAILED)
      std::abort();
}
auto ostd::target::unmap_pieces(u8* at, usize pages) -> void {
  if (mmap(at, pages * kPageSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED) std::abort();
}
auto ostd::target::forget_pieces() -> void {}
auto ostd::target::pieces_forgotten() -> bool { return !fake::slow_to_forget; }
auto ostd::target::cpu_count() -> u32 { return fake::kCpus; }

auto ostd::target::tlb_flush(AddressSpace::Core& as, const FlushBatch& batch) -> void {
  if (target::this_cpu()->preempt_count != 0) panic("tlb_flush with a guard held");
  if (target::current_cpu_index() != 0) return;
  fake::flushes.push_back({&as, {batch.ranges.begin(), batch.ranges.end()}, batch.wholly});
  if (fake::on_flush) fake::on_flush();
}
auto ostd::target::address_space_init(AddressSpace::Core&) -> Status {
  if (fake::refuse_address_spaces) return Err(Errc::out_of_memory);
  return Ok();
}
auto ostd::target::address_space_fini(AddressSpace::Core&) -> void {}
