// SPDX-License-Identifier: MPL-2.0
// AddressSpace: what user code of one process can see. The page table is the truth; processors' TLBs (host: the stub
// process's mappings) follow it. Changed only through a Cursor over a locked range.
#pragma once
#include <base/fn.h>
#include <base/own.h>
#include <base/result.h>
#include <ostd/frame.h>

namespace ostd {

// Lowest and end of addresses a user may map, the same on both targets.
inline constexpr VirtAddr kUserBegin{0x1000};
inline constexpr VirtAddr kUserEnd{0x7fff'f000'0000};

enum class Access : u8 { read, write, exec };

struct Prot {
  bool read = false;
  bool write = false;
  bool exec = false;
  constexpr bool operator==(const Prot&) const = default;
  constexpr bool none() const { return !read && !write && !exec; }
  constexpr bool allows(Access a) const { return a == Access::read ? read || exec : a == Access::write ? write : exec; }
};

struct Mapping {
  UFrame frame;
  Prot prot;
  bool dirty = false;     // may have been written since the last clean()
  bool accessed = false;
  u32 page = 0;           // which page of the folio is mapped here
};

// Resolves a missing or insufficient mapping: makes (address, access) work in the page table, or says why not
// (Errc::fault: no such mapping or not allowed; Errc::io: beyond the end of the file). May sleep.
class FaultHandler : public RefCounted {
 public:
  virtual Status handle_fault(VirtAddr address, Access access) const = 0;
};

class AddressSpace;

// Exclusive over its range until it dies. Holding one is like holding a spinlock (no sleeping); UFrame::alloc is allowed.
// When it dies, the range is unlocked, stale TLB entries are flushed on every CPU that may hold them, and only then are the
// frames that were unmapped given back. So no spinlock may be held around a Cursor that unmaps or lowers rights.
class [[nodiscard]] OSTD_VIEW Cursor {
 public:
  Cursor(const AddressSpace& as, VirtRange range);
  ~Cursor();
  Cursor(const Cursor&) = delete;

  // All addresses are page aligned and inside the range (checked).
  Opt<Mapping> query(VirtAddr at) const;
  // Whether a page is mapped there: cheaper than query(), which adds a share.
  bool mapped(VirtAddr at) const;
  // First mapped page at or after `from` within the range; skips empty tables.
  Opt<VirtAddr> next_mapped(VirtAddr from) const;
  // Maps a page (or folio, then `at` is aligned to it); what was there is unmapped.
  void map(VirtAddr at, UFrame frame, Prot prot);
  // Changes rights of every mapped page of r.
  void protect(VirtRange r, Prot prot);
  // Takes write permission from mapped pages that have it (copy-on-write, dirty tracking).
  void write_protect(VirtRange r);
  // Unmaps; returns how many pages were mapped.
  usize unmap(VirtRange r);
  // Moves the mapped pages of `from` to the equally long range at `to` (mremap); both inside the cursor's range.
  void move(VirtRange from, VirtAddr to);
  // Clears dirty / accessed and re-arms them: a later access sets them again. Returns what was set.
  bool clean(VirtAddr at);
  bool clear_accessed(VirtAddr at);
  // Visits each mapped page of r in order.
  void each(VirtRange r, OSTD_NOESCAPE FnRef<void(VirtAddr, const Mapping&)> f) const;
  // For fork: maps each mapped page of r in `child` too. shared: with the same rights; copy_on_write: write permission is
  // taken on both sides. Returns pages visited.
  enum class Clone : u8 { shared, copy_on_write };
  usize clone_into(Cursor& child, VirtRange r, Clone mode);

 private:
  alignas(8) u8 storage_[8];
};

class AddressSpace final : public RefCounted {
 public:
  // Errors: out_of_memory (host: also when the host refuses a new process).
  static Result<Ref<AddressSpace>> create();
  // Who is asked when user_io finds no mapping; set once, right after creation.
  void set_fault_handler(Weak<FaultHandler> handler) const;
  // The program may use these addresses from now on, whether pages are mapped or not. Called for each new area before user code
  // runs again, so that a target which keeps something of its own at low user addresses can take it away.
  void note_area(VirtRange r) const;
  usize mapped_pages() const;  // resident set
  usize table_pages() const;

  struct Core;
  OSTD_UNSAFE Core& core() const { return *core_; }
  OSTD_UNSAFE explicit AddressSpace(Core* c) : core_(c) {}
  ~AddressSpace() override;

 private:
  Core* core_;
};

}  // namespace ostd
