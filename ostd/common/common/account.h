// SPDX-License-Identifier: MPL-2.0
// Accounts and the credit of tasks. See memory.md for the model; ostd/reservation.h for the interface.
//
// `state` of an account counts the pages charged to it (granted as credit, used by frames, or committed) and, in steps of
// kHold, the holders that keep the Core alive: the Account object, child accounts, attached tasks. It is freed when both are 0.
// A page charged to an account is charged to all its ancestors.
#pragma once
#include <base/atomic.h>
#include <common/task_memory.h>
#include <ostd/reservation.h>

namespace ostd {

struct Account::Core {
  static constexpr i64 kHold = 1LL << 40;
  Atomic<i64> state{0};
  Atomic<usize> limit{0};
  Core* parent = nullptr;             // null: root
  Atomic<i64> used{0};                // pages in use, descendants too; exact up to what tasks and CPUs have not reported yet
  Atomic<i64> committed{0};           // pages of Commits, descendants too
  Atomic<u64> refusals{0};
};

namespace common {

struct PerCpu;

extern constinit Account::Core g_root_account;
inline Account::Core& root_account() { return g_root_account; }
Ref<Account> root_account_ref();  // a new object for it

// For heaps that are not made of frames (sanitizers): draws or gives back a page whenever enough bytes have come together.
void account_draw_bytes(i64 bytes);
// The rest of drawing is in mem/draw.h.

// Direct operations on an account and its ancestors.
bool account_charge(Account::Core& a, usize pages);        // false: a limit is in the way, nothing is changed
void account_force_charge(Account::Core& a, usize pages);
void account_uncharge(Account::Core& a, usize pages);
void account_add_used(Account::Core& a, i64 pages);
void account_hold(Account::Core& a);
void account_release(Account::Core& a);

}  // namespace common
}  // namespace ostd
