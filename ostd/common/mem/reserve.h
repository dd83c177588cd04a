// SPDX-License-Identifier: MPL-2.0
// Between accounts and reservations: the stock of a CPU, and how much a task keeps.
#pragma once
#include <common/account.h>
#include <common/mem_cpu.h>

namespace ostd::common {

inline constexpr usize kCreditMax = 64;    // pages a task keeps of what it frees
inline constexpr usize kCreditBatch = 32;  // pages granted at a time, when the account has them
inline constexpr usize kStockMax = 128;    // pages a CPU keeps

inline Account::Core& account_of(const TaskMemory& t) { return t.account ? *t.account : root_account(); }

// Gives pages back: they stay charged to `a` for now. used: to be added to its count of used pages.
void stock_put(MemPerCpu& m, Account::Core& a, usize pages, i64 used);
// Up to `want` of them back.
usize stock_take(MemPerCpu& m, Account::Core& a, usize want);
// Uncharges what all CPUs keep: before a reservation is refused.
void stock_drain_all();

}  // namespace ostd::common
