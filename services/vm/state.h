// SPDX-License-Identifier: MPL-2.0
// What a Vm keeps under its lock. Private to services/vm.
#pragma once
#include <services/vm/vm.h>

namespace svc::vm {

// What can be mapped of a file, bytes: the whole pages in Linux's MAX_LFS_FILESIZE.
constexpr u64 kMaxFileSize = (1ULL << 63) - kPageSize;

struct Area {
  VirtRange range{};
  Prot prot{};
  Sharing sharing = Sharing::private_;
  bool grows_down = false, no_reserve = false, locked = false, lock_on_fault = false, dont_fork = false, wipe_on_fork = false;
  bool dont_dump = false;
  bool sealed = false;                  // mseal(2): it stays as it is until the process ends or runs another program
  u64 offset = 0;                       // of range.begin in the object, bytes
  Opt<DynCap<MemoryObject>> object{};   // nothing: anonymous
  Opt<Ref<MappedFile>> file{};
  StaticStr name = "";
  Commit commit{};                      // pages promised; 0 when not accounted

  bool anonymous() const { return !object.has_value(); }
  // The one place that decides whether pages may be used like that, now (mmap) or later (mprotect). Private pages that are
  // written are copies.
  bool may(Prot p) const {
    if (!object) return true;
    const bool copies = sharing == Sharing::private_;
    return (!p.read || object->allows(memory_object::read)) && (!p.write || copies || object->allows(memory_object::write)) && (!p.exec || object->allows(memory_object::execute));
  }
  bool may_the_same(const Area& o) const { return may({false, true, false}) == o.may({false, true, false}) && may({false, false, true}) == o.may({false, false, true}); }
  // Private writable memory is promised when it is mapped.
  bool accountable() const { return sharing == Sharing::private_ && prot.write && !no_reserve; }
  u64 pages() const { return range.size() >> kPageShift; }
  // The same mapping for another range; nothing promised yet.
  Area same_for(VirtRange r) const {
    Area x{};
    x.range = r;
    x.prot = prot;
    x.sharing = sharing;
    x.grows_down = grows_down;
    x.no_reserve = no_reserve;
    x.locked = locked;
    x.lock_on_fault = lock_on_fault;
    x.sealed = sealed;
    x.dont_fork = dont_fork;
    x.wipe_on_fork = wipe_on_fork;
    x.dont_dump = dont_dump;
    x.offset = offset;
    if (object) x.object = MUST(object->dup());
    x.file = file;
    x.name = name;
    return x;
  }
  // Its pages can be written through it, now or after mprotect: what keeps a write seal away.
  bool writes_object() const { return object && sharing == Sharing::shared && object->allows(memory_object::write); }
  // What RLIMIT_DATA counts.
  bool data() const { return sharing == Sharing::private_ && prot.write && !grows_down; }
  u64 index_of(VirtAddr at) const { return (offset + (at - range.begin)) >> kPageShift; }
};

struct Areas {
  struct Break { VirtAddr start{}, end{}; };
  Map<u64, Area> by_start{};
  u64 total_pages = 0, peak_pages = 0, locked_pages = 0;
  VirtAddr brk_start{}, brk{};
  bool lock_future = false, future_on_fault = false;  // mlockall(MCL_FUTURE), with MCL_ONFAULT
  VirtAddr map_top{0x7fff'e000'0000};   // mappings are placed below; the stack is above
  VirtAddr place_below{};               // where the next search for a free place starts
  Layout layout{};
  Vec<u64> auxv{};
  Ref<Account> account;
  explicit Areas(Ref<Account> a) : account(std::move(a)) {}
};

struct Vm::State {
  explicit State(Ref<Account> a) : areas(Areas(std::move(a))) {}
  RwLocked<Areas, rank::kMm> areas;
  Atomic<u64> peak_resident{0};
};

// The page of a mapped object at `at` if it is in memory.
Opt<UFrame> present_page(const Area& x, VirtAddr at);
// What the processor gives for these rights: what can be written or run can be read, too.
constexpr Prot in_hardware(Prot p) { return {p.read || p.write || p.exec, p.write, p.exec}; }
// Pages that RLIMIT_DATA counts.
u64 data_pages(const Areas& a);

inline constexpr usize kMaxAreas = 65530;               // vm.max_map_count
inline constexpr u64 kMinAddress = 65536;              // vm.mmap_min_addr of Debian

// ---- map.cpp, used by the others ----
// Start of the area that contains `at`.
Opt<u64> find_area(const Areas& a, VirtAddr at);
// Cuts the area that contains `at` in two there, if it does not begin there.
void split_at(Areas& a, VirtAddr at, const PageUser& self);
// Merges the areas that meet at `at` when they are alike.
void merge_at(Areas& a, VirtAddr at, const PageUser& self);
// Makes sure that take_areas(r) and what may be split at its ends stay within what is reserved and within the limit of areas.
// Errors: out_of_memory.
Status prepare_take(const Areas& a, VirtRange r);
// Takes the areas of r out of the map; the caller unmaps the pages and lets what comes back die outside the lock.
Map<u64, Area> take_areas(Areas& a, VirtRange r, const PageUser& self);
// Whether mseal(2) forbids to change any area of r.
bool any_sealed(const Areas& a, VirtRange r);
// The lowest area, taken out; its pages are the caller's business.
Opt<Area> take_first(Areas& a, const PageUser& self);
Opt<VirtAddr> find_free(Areas& a, u64 length);
bool range_free(const Areas& a, VirtRange r);
void insert_area(Areas& a, Area area, const PageUser& self);

}  // namespace svc::vm
