// SPDX-License-Identifier: MPL-2.0
// Memory is reserved before it is used (memory.md). An Account is a budget in pages; the running task holds a credit of pages
// granted from its account, and every allocation draws on it. Granting is the only thing that can fail.
#pragma once
#include <base/cap.h>
#include <base/own.h>
#include <base/result.h>
#include <ostd/frame.h>

namespace ostd {

struct AccountStats {
  usize limit_pages = 0;
  usize reserved_pages = 0;   // granted and not yet used
  usize used_pages = 0;       // in use, charged here
  usize committed_pages = 0;  // promised to user mappings
  u64 refusals = 0;
};

class Account;
// Whoever holds an Account draws on it, divides it and sees its figures.
namespace accounts {
inline constexpr auto limit = Rights<Account>::bit(0);
}

class Account final : public RefCounted {
 public:
  using MintKey = RootKey;
  struct Calls {
    void set_limit(this const Permits<accounts::limit> auto& self, usize pages) { self->set_limit(pages); }
  };
  // A budget inside `parent`: what it grants is granted by every ancestor too.
  static Ref<Account> create(Ref<Account> parent, usize limit_pages);
  AccountStats stats() const;

  struct Core;
  OSTD_UNSAFE Core& core() const { return *core_; }
  OSTD_UNSAFE explicit Account(Core* c) : core_(c) {}
  ~Account() override;

 private:
  void set_limit(usize pages) const;
  Core* core_;
};

// Pages promised to user mappings (private writable memory). Gives back what it still holds when it dies.
class [[nodiscard]] OSTD_OWNED Commit {
 public:
  Commit() = default;
  // Errors: out_of_memory.
  static Result<Commit> take(const Ref<Account>& account, usize pages);
  Status extend(usize pages);
  void shrink(usize pages);  // at most what it has
  Commit split(usize pages);  // moves that many out (at most what it has)
  void merge(Commit other);  // of the same account
  usize pages() const { return pages_; }
  // A page of those promised, for a user mapping that this Commit covers: draws no credit, since it is charged already.
  // Infallible. Requires (for the promise to hold): not more such pages live than are committed.
  UFrame alloc(Zero zero = Zero::yes) const;
  Commit(Commit&& o) noexcept;
  Commit& operator=(Commit&& o) noexcept;
  ~Commit();

 private:
  Opt<Ref<Account>> account_;
  usize pages_ = 0;
};

// A cache that gives pages back on demand (page cache, dentries): asked before a reservation is refused.
class Reclaimer : public RefCounted {
 public:
  // Frees up to about `pages` clean, unused pages and says how many. Called at borders, without locks; must not reserve.
  virtual usize reclaim(usize pages) const = 0;
};

namespace mem {
// Reclaimers stay for ever; at most 8 (checked).
OSTD_ROOT void add_reclaimer(Ref<Reclaimer> r);

// The border of an operation: makes sure that the running task's credit is at least `pages`. Errors: out_of_memory; then
// nothing has changed. Fast: a comparison when the credit suffices.
Status reserve(usize pages);
// The end of an operation: gives back what is left of its reservation, but for a little that the next one can use. Until then
// nothing takes credit away, not even pages that the task frees.
void settle();
// Gives the unused credit back (the task is about to sleep for long or to leave for user mode with much of it).
void unreserve();
usize credit();

struct MemoryStats {
  usize total_pages = 0;      // managed by the frame allocator
  usize free_pages = 0;
  usize heap_pages = 0;       // slabs and large heap blocks
  usize heap_bytes = 0;       // live heap objects: unlike pages, exact after everything was freed (caches do not count)
  usize table_pages = 0;      // page tables
  usize stack_pages = 0;
  usize user_pages = 0;       // untyped frames: user memory and what files hold
  u64 over_budget = 0;        // allocations that no credit covered (a bug; debug builds log the first of each place)
};
MemoryStats stats();

// Test hook for the denial sweep: the n-th next reserve()/Commit of the running task is refused (0: none).
void deny_nth(usize n);
usize reservations_made();  // by the running task since deny_nth was last called
}  // namespace mem

}  // namespace ostd
