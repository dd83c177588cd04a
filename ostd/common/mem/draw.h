// SPDX-License-Identifier: MPL-2.0
// Drawing on the running task's credit, and giving back. `cpu` is that of the caller's CpuCache; null in an interrupt that came in
// the middle of memory management: then the root account pays.
#pragma once
#include <common/account.h>
#include <common/mem_cpu.h>

namespace ostd::common {

inline constexpr usize kCreditMax = 64;    // pages a task keeps of what it frees
inline constexpr usize kCreditBatch = 32;  // pages granted at a time, when the account has them
inline constexpr usize kStockMax = 128;    // pages a CPU keeps

inline Account::Core& account_of(const TaskMemory& t) { return t.account ? *t.account : g_root_account; }

Account::Core* account_draw_slow(PerCpu* cpu, usize pages);
void account_refund_slow(PerCpu* cpu, Account::Core& owner, usize pages);

void note_over_budget(usize pages);

// Takes pages for frames; the account to be recorded as their owner. Infallible: what no credit covers is charged all the same
// and counted as over budget.
inline Account::Core* account_draw(PerCpu* cpu, usize pages) {
  if (cpu) [[likely]] {
    TaskMemory& t = payer(*cpu);
    if (t.credit >= pages) [[likely]] {
      t.credit -= pages;
      t.drawn += static_cast<i64>(pages);
      return &account_of(t);
    }
  }
  return account_draw_slow(cpu, pages);
}

// Frames charged to `owner` (null: nothing to do) are free again.
inline void account_refund(PerCpu* cpu, Account::Core* owner, usize pages) {
  if (!owner) return;
  if (cpu) [[likely]] {
    TaskMemory& t = payer(*cpu);
    if (owner == &account_of(t) && t.credit + pages <= kCreditMax) [[likely]] {
      t.credit += pages;
      t.drawn -= static_cast<i64>(pages);
      return;
    }
  }
  account_refund_slow(cpu, *owner, pages);
}

// Gives pages back: they stay charged to `a` for now. used: to be added to its count of used pages.
void stock_put(MemPerCpu& m, Account::Core& a, usize pages, i64 used);
// Up to `want` of them back.
usize stock_take(MemPerCpu& m, Account::Core& a, usize want);
// Uncharges what all CPUs keep: before a reservation is refused.
void stock_drain_all();

}  // namespace ostd::common
