// SPDX-License-Identifier: MPL-2.0
// Accounts, and what tasks draw from and give back to them. The hot paths touch only the running task's credit; pages that do not
// fit there go to the stock of the CPU, a lock that nobody else wants, and reach the account's counter in batches.
#include <common/account.h>
#include <common/frame_alloc.h>
#include <mem/draw.h>

namespace ostd::common {

constinit Account::Core g_root_account{};

Ref<Account> root_account_ref() {
  account_hold(g_root_account);
  return make_ref<Account>(&g_root_account);
}

// ---- the tree -----------------------------------------------------------------------------------------------------------

void account_hold(Account::Core& a) { a.state.fetch_add(Account::Core::kHold, Order::relaxed); }

// Takes from `state`; frees the core when nothing is left, and then lets its parent go.
static void subtract(Account::Core* a, i64 n, i64 n_ancestors) {
  while (a) {
    Account::Core* parent = a->parent;
    // acq_rel: the last one frees, after all others have finished with it.
    if (a->state.fetch_sub(n, Order::acq_rel) == n && a != &g_root_account) {
      delete a;
      n = n_ancestors + Account::Core::kHold;  // a child holds its parent
    } else {
      if (n_ancestors == 0) return;
      n = n_ancestors;
    }
    a = parent;
  }
}
void account_release(Account::Core& a) { subtract(&a, Account::Core::kHold, 0); }
void account_uncharge(Account::Core& a, usize pages) {
  if (pages) subtract(&a, static_cast<i64>(pages), static_cast<i64>(pages));
}

void account_force_charge(Account::Core& a, usize pages) {
  for (Account::Core* i = &a; i; i = i->parent) i->state.fetch_add(static_cast<i64>(pages), Order::relaxed);
}

bool account_charge(Account::Core& a, usize pages) {
  const i64 n = static_cast<i64>(pages);
  for (Account::Core* i = &a; i; i = i->parent) {
    i64 now = i->state.load(Order::relaxed);
    do {
      const usize charged = static_cast<usize>(now & (Account::Core::kHold - 1));
      const usize limit = i->limit.load(Order::relaxed);
      if (pages > limit || charged > limit - pages) {
        i->refusals.fetch_add(1, Order::relaxed);
        for (Account::Core* j = &a; j != i; j = j->parent) j->state.fetch_sub(n, Order::relaxed);
        return false;
      }
    } while (!i->state.compare_exchange(now, now + n, Order::relaxed));
  }
  return true;
}

void account_add_used(Account::Core& a, i64 pages) {
  if (pages)
    for (Account::Core* i = &a; i; i = i->parent) i->used.fetch_add(pages, Order::relaxed);
}

// ---- drawing and giving back --------------------------------------------------------------------------------------------

[[gnu::cold]] Account::Core* account_draw_slow(PerCpu* cpu, usize pages) {
  if (!cpu) {
    account_force_charge(g_root_account, pages);
    account_add_used(g_root_account, static_cast<i64>(pages));
    return &g_root_account;
  }
  TaskMemory& t = payer(*cpu);
  Account::Core& a = account_of(t);
  const usize missing = pages - t.credit;
  t.drawn += static_cast<i64>(pages);
  t.credit = 0;
  account_force_charge(a, missing);
  // Idle tasks, interrupts and deferred work have no budget: what they use was foreseen in the reserve.
  if (&t != &cpu->idle.memory) {
    MemPerCpu& m = cpu->mem;
    m.over_budget.store(m.over_budget.load(Order::relaxed) + 1, Order::relaxed);
    note_over_budget(missing);
  }
  return &a;
}

void account_refund_slow(PerCpu* cpu, Account::Core& owner, usize pages) {
  if (!cpu) {
    account_add_used(owner, -static_cast<i64>(pages));
    account_uncharge(owner, pages);
    return;
  }
  TaskMemory& t = payer(*cpu);
  if (&owner != &account_of(t)) return stock_put(cpu->mem, owner, pages, -static_cast<i64>(pages));
  t.drawn -= static_cast<i64>(pages);
  // A task with much credit is in the middle of what it reserved it for: it keeps what it has and what comes back, until
  // mem::settle(). Others keep what they have, or a little.
  const usize now = t.credit + pages;
  const usize keep = t.credit > kCreditMax ? now : t.credit > kCreditMax / 2 ? t.credit : kCreditMax / 2;
  stock_put(cpu->mem, owner, now - keep, t.drawn);
  t.credit = keep;
  t.drawn = 0;
}

void account_draw_bytes(i64 bytes) {
  CpuCache c;
  if (!c) return;
  TaskMemory& t = payer(*c.cpu());
  t.loose_bytes += bytes;
  constexpr i64 kPage = static_cast<i64>(kPageSize);
  if (t.loose_bytes >= kPage) {
    account_draw(c.cpu(), static_cast<usize>(t.loose_bytes / kPage));
  } else if (t.loose_bytes <= -kPage) {
    account_refund(c.cpu(), &account_of(t), static_cast<usize>(-t.loose_bytes / kPage));
  }
  t.loose_bytes %= kPage;
}

// ---- the stock of a CPU -------------------------------------------------------------------------------------------------

void stock_put(MemPerCpu& m, Account::Core& a, usize pages, i64 used) {
  if (!m.registered) mem_register_cpu(m);
  Account::Core* full = nullptr;
  usize give = 0;
  i64 give_used = 0;
  {
    LeafLock l(m.stock_lock);
    if (m.stock_account != &a || m.stock_pages + pages > kStockMax) {
      full = static_cast<Account::Core*>(m.stock_account);
      give = m.stock_pages;
      give_used = m.stock_used;
      m.stock_account = &a;
      m.stock_pages = 0;
      m.stock_used = 0;
    }
    if (pages <= kStockMax) {
      m.stock_pages += pages;
      m.stock_used += used;
      pages = 0;
      // The pages keep the account alive; with none it must not be remembered.
      if (m.stock_pages == 0 && m.stock_used == 0) m.stock_account = nullptr;
    } else {
      m.stock_account = nullptr;
    }
  }
  if (full) {
    account_add_used(*full, give_used);
    account_uncharge(*full, give);
  }
  if (pages) {
    account_add_used(a, used);
    account_uncharge(a, pages);
  }
}

usize stock_take(MemPerCpu& m, Account::Core& a, usize want) {
  LeafLock l(m.stock_lock);
  if (m.stock_account != &a) return 0;
  const usize n = m.stock_pages < want ? m.stock_pages : want;
  m.stock_pages -= n;
  if (m.stock_pages == 0) {
    account_add_used(a, m.stock_used);
    m.stock_used = 0;
    m.stock_account = nullptr;
  }
  return n;
}

void stock_drain_all() {
  each_mem_cpu([](MemPerCpu& m) {
    Account::Core* a = nullptr;
    usize give = 0;
    i64 used = 0;
    {
      LeafLock l(m.stock_lock);
      a = static_cast<Account::Core*>(m.stock_account);
      give = m.stock_pages;
      used = m.stock_used;
      m.stock_account = nullptr;
      m.stock_pages = 0;
      m.stock_used = 0;
    }
    if (!a) return;
    account_add_used(*a, used);
    account_uncharge(*a, give);
  });
}

}  // namespace ostd::common

// ---- Account ------------------------------------------------------------------------------------------------------------

namespace c = ostd::common;

auto ostd::Account::create(Ref<Account> parent, usize limit_pages) -> Ref<Account> {
  auto* core = new Core;
  core->parent = &parent->core();
  core->limit.store(limit_pages, Order::relaxed);
  c::account_hold(*core->parent);
  c::account_hold(*core);
  return make_ref<Account>(core);
}

ostd::Account::~Account() { c::account_release(*core_); }

auto ostd::Account::set_limit(usize pages) const -> void { core_->limit.store(pages, Order::relaxed); }

auto ostd::Account::stats() const -> AccountStats {
  AccountStats s{};
  usize charged = static_cast<usize>(core_->state.load(Order::relaxed) & (Core::kHold - 1));
  i64 used = core_->used.load(Order::relaxed);
  c::each_mem_cpu([&](c::MemPerCpu& m) {
    c::LeafLock l(m.stock_lock);
    for (const Core* a = static_cast<const Core*>(m.stock_account); a; a = a->parent)
      if (a == core_) {
        charged -= m.stock_pages < charged ? m.stock_pages : charged;
        used += m.stock_used;
      }
  });
  s.limit_pages = core_->limit.load(Order::relaxed);
  s.used_pages = used < 0 ? 0 : static_cast<usize>(used);
  s.committed_pages = static_cast<usize>(core_->committed.load(Order::relaxed));
  const usize rest = s.used_pages + s.committed_pages;
  s.reserved_pages = charged > rest ? charged - rest : 0;
  s.refusals = core_->refusals.load(Order::relaxed);
  return s;
}
