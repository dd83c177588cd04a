// SPDX-License-Identifier: MPL-2.0
// Vm: the mappings of one process (mm). A tree of areas (VMAs) over an ostd AddressSpace; resolves page faults with
// copy-on-write, anonymous memory and file pages; accounts what it promises (memory.md).
// Locks: kMm (MutexLocked tree; faults take it shared), then MemoryObject's kMemoryObject. Nothing in here touches user memory.
#pragma once
#include <base/map.h>
#include <base/vec.h>
#include <ostd/address_space.h>
#include <ostd/reservation.h>
#include <ostd/sync.h>
#include <ostd/task.h>
#include <services/base/ranks.h>
#include <services/vm/memory_object.h>

namespace svc::vm {

enum class Sharing : u8 { private_, shared };

// One mapping as /proc/PID/maps shows it.
struct AreaInfo {
  VirtRange range{};
  Prot prot{};
  Sharing sharing = Sharing::private_;
  u64 offset = 0;                       // in the file, bytes
  Opt<Ref<MappedFile>> file{};
  StaticStr name = "";                  // "[heap]", "[stack]", "[vdso]"; empty
  usize resident_pages = 0;
};

struct MapRequest {
  VirtAddr hint{};                      // page aligned; 0: anywhere
  u64 length = 0;                       // bytes, > 0
  Prot prot{};
  Sharing sharing = Sharing::private_;
  enum class Placement : u8 { hint, fixed, fixed_no_replace } placement = Placement::hint;
  bool grows_down = false;
  bool no_reserve = false;              // MAP_NORESERVE, MAP_STACK: reserved at fault time
  bool populate = false;
  bool may_map_low = false;             // below vm.mmap_min_addr (CAP_SYS_RAWIO)
  bool locked = false;
  Opt<DynCap<MemoryObject>> object{};   // its rights limit prot, now and in mprotect; can be duplicated. Nothing: anonymous
  Opt<Ref<MappedFile>> file{};
  u64 offset = 0;                       // page aligned
  StaticStr name = "";
};

struct Area;
struct Areas;

struct VmStats {
  u64 total_pages = 0, resident_pages = 0, data_pages = 0, stack_pages = 0, exec_pages = 0, shared_pages = 0, locked_pages = 0,
      table_pages = 0, peak_resident_pages = 0, peak_total_pages = 0;
};

struct VmLimits {  // resource limits that mappings obey, in bytes; the caller passes the process's current ones
  u64 address_space = ~0ULL, data = ~0ULL, stack = 8ULL << 20, locked = ~0ULL;
};

// Layout facts of the program, for /proc/PID/stat and prctl.
struct Layout {
  VirtAddr start_code{}, end_code{}, start_data{}, end_data{}, start_brk{}, start_stack{}, arg_start{}, arg_end{}, env_start{}, env_end{};
};

class Vm final : public PageUser {
 public:
  static Result<Ref<Vm>> create(Ref<Account> account);
  const AddressSpace& space() const [[clang::lifetimebound]] { return *space_; }
  const Ref<AddressSpace>& space_ref() const [[clang::lifetimebound]];

  // mmap(2): the address. Errors: invalid_argument, out_of_memory, exists (fixed_no_replace), not_permitted (below mmap_min),
  // access_denied (beyond the rights on the object).
  Result<VirtAddr> map(const MapRequest& request, const VmLimits& limits) const;
  Status unmap(VirtAddr at, u64 length) const;                          // invalid_argument, out_of_memory
  Status protect(VirtAddr at, u64 length, Prot prot, const VmLimits& limits) const;   // out_of_memory (hole), access_denied, invalid_argument
  struct RemapRequest { VirtAddr old_at{}; u64 old_length = 0; u64 new_length = 0; u32 flags = 0; VirtAddr new_at{}; };
  Result<VirtAddr> remap(const RemapRequest& r, const VmLimits& limits) const;        // mremap(2)
  // brk(2): the new (or, when refused, the old) break.
  VirtAddr set_break(VirtAddr wanted, const VmLimits& limits) const;
  void init_break(VirtAddr start) const;                                // execve
  Status advise(VirtAddr at, u64 length, u32 advice) const;             // madvise(2)
  Status sync(VirtAddr at, u64 length, u32 flags) const;                // msync(2)
  Status residency(VirtAddr at, u64 length, FnRef<void(bool)> page) const;  // mincore(2)
  Status lock_pages(VirtAddr at, u64 length, bool lock, const VmLimits& limits) const;
  // mlockall(2), munlockall(2) (nothing set). Errors: out_of_memory (limit).
  struct LockAll { bool now = false, future = false, on_fault = false; };
  Status lock_all(LockAll what, const VmLimits& limits) const;
  // Errors: out_of_memory (also for a hole), io (beyond the end of a file).
  Status populate(VirtAddr at, u64 length) const;

  // Makes (address, access) work. Errors: fault with `reason`.
  enum class FaultReason : u8 { not_mapped, not_allowed, beyond_end, out_of_memory };
  struct FaultResult { bool ok = true; FaultReason reason = FaultReason::not_mapped; };
  FaultResult fault(VirtAddr at, Access access, const VmLimits& limits) const;

  Result<Ref<Vm>> fork() const;                                         // copy-on-write copy; out_of_memory
  void clear() const;                                                   // everything unmapped (exit of the last user)

  void each_area(FnRef<void(const AreaInfo&)> f) const;                 // ascending
  VmStats stats() const;
  // The resident set's highest size seen so far; never sleeps.
  u64 peak_resident_pages() const;
  Layout layout() const;
  void set_layout(const Layout& l) const;
  // Key of a futex at `at`: private by (vm, address), shared by (frame/object, offset).
  bool shared_at(VirtAddr at) const;

  void drop_pages(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const override;
  ~Vm() override;

  struct State;
  // Use create().
  explicit Vm(Ref<AddressSpace> space, Ref<Account> account);

 private:
  bool grow_stack(VirtAddr at, const VmLimits& limits) const;
  Result<VirtAddr> duplicate(Areas& a, u64 key, const RemapRequest& q, u64 length, const VmLimits& limits) const;
  // Unmaps the pages of the range; other tasks get their turn in between. Requires: no area needs them any more.
  void drop_range(VirtRange r) const;
  void drop_clean(Cursor& c, VirtRange r, const Area& x) const;
  Ref<AddressSpace> space_;
  Ref<Account> account_;
  Once<Ref<FaultHandler>> resolver_{};
  Own<State> state_;
};

}  // namespace svc::vm
