// SPDX-License-Identifier: MPL-2.0
// Reservations: the credit of tasks, and Commits. Granting charges an account and all its ancestors; when a limit is in the way,
// first what CPUs keep in stock is given back, then caches are asked to shrink, and only then the answer is out_of_memory.
#include <common/frame_alloc.h>
#include <common/heap.h>
#include <mem/draw.h>

namespace ostd::common {
namespace {

constexpr u32 kReclaimers = 8;
constinit Atomic<u64> g_reclaimers[kReclaimers]{};  // Ref<Reclaimer>*, never taken away

usize reclaim(usize pages) {
  usize freed = heap_trim();
  for (const Atomic<u64>& slot : g_reclaimers) {
    if (freed >= pages) break;
    // SAFETY: stored once by add_reclaimer (acquire pairs with its release) and never freed.
    if (const auto* r = reinterpret_cast<const Ref<Reclaimer>*>(slot.load(Order::acquire))) freed += (*r)->reclaim(pages - freed);
  }
  return freed;
}

usize from_stock(Account::Core& a, usize want) {
  CpuCache c;
  return c ? stock_take(*c, a, want) : 0;
}
void to_stock(Account::Core& a, usize pages, i64 used) {
  CpuCache c;
  if (c) return stock_put(*c, a, pages, used);
  account_add_used(a, used);
  account_uncharge(a, pages);
}

// Grants at least `least` and at most `most` pages; 0: refused.
usize grant(Account::Core& a, usize least, usize most) {
  usize got = from_stock(a, most);
  if (got >= least) return got;
  if (account_charge(a, most - got)) return most;
  for (u32 round = 0;; ++round) {
    if (account_charge(a, least - got)) return least;
    if (round == 0) stock_drain_all();
    else if (round == 4 || reclaim(least + kCreditBatch) == 0) break;
    else stock_drain_all();
  }
  if (got) to_stock(a, got, 0);
  return 0;
}

bool denied(TaskMemory& t) { return ++t.deny_count == t.deny_at; }

void add_committed(Account::Core& a, i64 pages) {
  for (Account::Core* i = &a; i; i = i->parent) i->committed.fetch_add(pages, Order::relaxed);
}

bool commit_take(Account::Core& a, usize pages) {
  if (pages == 0) return true;
  if (denied(current_task_memory())) return false;
  if (grant(a, pages, pages) == 0) return false;
  add_committed(a, static_cast<i64>(pages));
  return true;
}
void commit_give(Account::Core& a, usize pages) {
  if (pages == 0) return;
  add_committed(a, -static_cast<i64>(pages));
  to_stock(a, pages, 0);
}

}  // namespace

void task_memory_attach(TaskMemory& t, const Account& account) {
  t.account = &account.core();
  account_hold(*t.account);
}

void task_memory_detach(TaskMemory& t) {
  Account::Core& a = account_of(t);
  to_stock(a, t.credit, t.drawn);
  t.credit = 0;
  t.drawn = 0;
  if (t.account) account_release(*t.account);
  t.account = nullptr;
}

}  // namespace ostd::common

// ---- ostd/reservation.h -------------------------------------------------------------------------------------------------

namespace c = ostd::common;

namespace {
[[gnu::noinline]] ostd::Status reserve_slow(c::TaskMemory& t, ostd::usize pages) {
  using namespace ostd;
  Account::Core& a = c::account_of(t);
  const usize need = pages - t.credit;
  const usize got = c::grant(a, need, need > c::kCreditBatch ? need : c::kCreditBatch);
  if (got == 0) return Err(Errc::out_of_memory);
  i64 drawn = 0;
  {
    c::CpuCache cache;
    t.credit += got;
    drawn = t.drawn;
    t.drawn = 0;
  }
  c::account_add_used(a, drawn);
  return Ok();
}
}  // namespace

auto ostd::mem::reserve(usize pages) -> Status {
  if (pages == 0) return Ok();
  c::TaskMemory& t = c::payer(*target::this_cpu());
  if (c::denied(t)) [[unlikely]] return Err(Errc::out_of_memory);
  if (t.credit < pages) [[unlikely]] return reserve_slow(t, pages);
  return Ok();
}

auto ostd::mem::settle() -> void {
  c::TaskMemory& t = c::payer(*target::this_cpu());
  if (t.credit <= c::kCreditMax) [[likely]] return;
  const usize left = t.credit - c::kCreditMax / 2;
  {
    c::CpuCache cache;
    t.credit -= left;
  }
  c::to_stock(c::account_of(t), left, 0);
}

auto ostd::mem::unreserve() -> void {
  c::TaskMemory& t = c::current_task_memory();
  usize credit = 0;
  i64 drawn = 0;
  {
    c::CpuCache cache;
    credit = t.credit;
    drawn = t.drawn;
    t.credit = 0;
    t.drawn = 0;
  }
  if (credit != 0) c::to_stock(c::account_of(t), credit, drawn);
  else c::account_add_used(c::account_of(t), drawn);
}

auto ostd::mem::credit() -> usize { return c::current_task_memory().credit; }

auto ostd::mem::deny_nth(usize n) -> void {
  c::TaskMemory& t = c::current_task_memory();
  t.deny_at = n;
  t.deny_count = 0;
}
auto ostd::mem::reservations_made() -> usize { return c::current_task_memory().deny_count; }

auto ostd::mem::add_reclaimer(Ref<Reclaimer> r) -> void {
  // SAFETY: a slot of g_reclaimers is 0 or, for good, the address of a Ref<Reclaimer>.
  const u64 p = reinterpret_cast<u64>(new Ref<Reclaimer>(std::move(r)));
  for (const Atomic<u64>& slot : c::g_reclaimers) {
    u64 none = 0;
    if (slot.compare_exchange(none, p, Order::release)) return;
  }
  panic("too many reclaimers");
}

auto ostd::mem::stats() -> MemoryStats {
  MemoryStats s{};
  const c::FrameStats f = c::frame_stats();
  s.total_pages = f.total;
  s.free_pages = f.free;
  s.heap_pages = c::frames_of_kind(c::FrameKind::slab) + c::frames_of_kind(c::FrameKind::large) + c::frames_of_kind(c::FrameKind::piece);
  s.heap_bytes = c::heap_bytes_in_use();
  s.user_pages = c::frames_of_kind(c::FrameKind::untyped);
  s.table_pages = c::frames_of_kind(c::FrameKind::table);
  s.stack_pages = c::frames_of_kind(c::FrameKind::stack);
  c::each_mem_cpu([&](const c::MemPerCpu& m) { s.over_budget += m.over_budget.load(Order::relaxed); });
  return s;
}

// ---- Commit -------------------------------------------------------------------------------------------------------------

auto ostd::Commit::take(const Ref<Account>& account, usize pages) -> Result<Commit> {
  if (!c::commit_take(account->core(), pages)) return Err(Errc::out_of_memory);
  Commit r;
  r.account_ = Opt<Ref<Account>>(account);
  r.pages_ = pages;
  return r;
}

auto ostd::Commit::extend(usize pages) -> Status {
  OSTD_CHECK(account_ && "the Commit has an account");
  if (!c::commit_take((*account_)->core(), pages)) return Err(Errc::out_of_memory);
  pages_ += pages;
  return Ok();
}

auto ostd::Commit::shrink(usize pages) -> void {
  if (pages > pages_) pages = pages_;
  if (pages == 0) return;
  pages_ -= pages;
  c::commit_give((*account_)->core(), pages);
}

auto ostd::Commit::split(usize pages) -> Commit {
  Commit r;
  if (!account_) return r;
  r.account_ = Opt<Ref<Account>>(*account_);
  r.pages_ = pages < pages_ ? pages : pages_;
  pages_ -= r.pages_;
  return r;
}

auto ostd::Commit::merge(Commit other) -> void {
  if (!other.account_) return;
  if (!account_) {
    *this = std::move(other);
    return;
  }
  OSTD_CHECK((*account_).same(*other.account_) && "Commits of one account");
  pages_ += other.pages_;
  other.pages_ = 0;
}

auto ostd::Commit::alloc(Zero zero) const -> UFrame {
  const u64 pfn = c::frame_alloc(c::FrameKind::untyped, c::Charge::nobody);
  if (zero == Zero::yes) c::frame_zero(pfn);
  // SAFETY: the frame is new and has one share.
  return UFrame::adopt(pfn);
}

ostd::Commit::Commit(Commit&& o) noexcept : account_(std::move(o.account_)), pages_(o.pages_) {
  o.account_.reset();
  o.pages_ = 0;
}
auto ostd::Commit::operator=(Commit&& o) noexcept -> Commit& {
  if (this == &o) return *this;
  shrink(pages_);
  account_ = o.account_.take();
  pages_ = o.pages_;
  o.pages_ = 0;
  return *this;
}
ostd::Commit::~Commit() { shrink(pages_); }
