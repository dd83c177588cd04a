// SPDX-License-Identifier: MPL-2.0
// Vm: the mappings of one process (mm). A tree of areas (VMAs) over an ostd AddressSpace; resolves page faults with
// copy-on-write, anonymous memory and file pages; accounts what it promises (memory.md).
// A reference to a Vm gives statistics only. What acts on its memory or shows it is called by right (memory::).
// Locks: kMm (MutexLocked tree; faults take it shared), then MemoryObject's kMemoryObject; user memory is touched without them.
#pragma once
#include <base/cap.h>
#include <base/map.h>
#include <base/string.h>
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
  bool locked = false, lock_on_fault = false, dont_fork = false, wipe_on_fork = false, sealed = false, grows_down = false;
  bool may_read = true, may_write = true, may_exec = true, no_reserve = false, accounted = false;
  usize resident_pages = 0;
  bool dont_dump = false;               // MADV_DONTDUMP
};

// mlock2(2): the pages stay when they are there, or they come now.
enum class PageLock : u8 { none, on_fault, now };

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

// Resident pages, by what they belong to.
struct Resident { u64 anonymous = 0, file = 0, shared_memory = 0; };

class Vm;
// use: as the memory of one's own thread; change: mappings; inspect: which there are; read, write: the bytes, by others.
namespace memory {
inline constexpr auto use = Rights<Vm>::bit(0), change = Rights<Vm>::bit(1), inspect = Rights<Vm>::bit(2), read = Rights<Vm>::bit(3), write = Rights<Vm>::bit(4);
inline constexpr auto all = Rights<Vm>::all();
}

class Vm final : public PageUser {
 public:
  class MintKey {
    friend class Vm;
    explicit MintKey() {}
  };
  struct RemapRequest { VirtAddr old_at{}; u64 old_length = 0; u64 new_length = 0; u32 flags = 0; VirtAddr new_at{}; };
  struct LockAll { bool now = false, future = false, on_fault = false; };
  enum class FaultReason : u8 { not_mapped, not_allowed, beyond_end, out_of_memory };
  struct FaultResult { bool ok = true; FaultReason reason = FaultReason::not_mapped; };

  struct Calls {
    // ---- use ----
    const AddressSpace& space(this const Permits<memory::use> auto& self [[clang::lifetimebound]]) { return self->space(); }
    const Ref<AddressSpace>& space_ref(this const Permits<memory::use> auto& self [[clang::lifetimebound]]) { return self->space_; }
    // Makes (address, access) work. Errors: fault with `reason`.
    FaultResult fault(this const Permits<memory::use> auto& self, VirtAddr at, Access access, const VmLimits& limits) { return self->fault(at, access, limits); }
    // Key of a futex at `at`: private by (vm, address), shared by (frame/object, offset).
    bool shared_at(this const Permits<memory::use> auto& self, VirtAddr at) { return self->shared_at(at); }
    // Errors: out_of_memory (also for a hole), io (beyond the end of a file).
    Status populate(this const Permits<memory::use> auto& self, VirtAddr at, u64 length) { return self->populate(at, length); }
    // Threads that use it.
    void joined(this const Permits<memory::use> auto& self) { self->threads_.fetch_add(1); }
    void left(this const Permits<memory::use> auto& self) { self->threads_.fetch_sub(1); }
    u32 threads(this const Permits<memory::use> auto& self) { return self->threads_.load(); }
    // mincore(2)
    Status residency(this const Permits<memory::use> auto& self, VirtAddr at, u64 length, FnRef<void(bool)> page) { return self->residency(at, length, page); }

    // ---- change ----
    // mmap(2): the address. Errors: invalid_argument, out_of_memory, exists (fixed_no_replace), not_permitted (below mmap_min),
    // access_denied (beyond the rights on the object).
    Result<VirtAddr> map(this const Permits<memory::change> auto& self, const MapRequest& r, const VmLimits& limits) { return self->map(r, limits); }
    // Errors: invalid_argument, out_of_memory.
    Status unmap(this const Permits<memory::change> auto& self, VirtAddr at, u64 length) { return self->unmap(at, length); }
    // Errors: out_of_memory (hole), access_denied, invalid_argument.
    Status protect(this const Permits<memory::change> auto& self, VirtAddr at, u64 length, Prot prot, const VmLimits& limits) { return self->protect(at, length, prot, limits); }
    // mremap(2)
    Result<VirtAddr> remap(this const Permits<memory::change> auto& self, const RemapRequest& r, const VmLimits& limits) { return self->remap(r, limits); }
    // brk(2): the new (or, when refused, the old) break.
    VirtAddr set_break(this const Permits<memory::change> auto& self, VirtAddr wanted, const VmLimits& limits) { return self->set_break(wanted, limits); }
    void init_break(this const Permits<memory::change> auto& self, VirtAddr start) { self->init_break(start); }  // execve
    // Where mappings are placed from now on: below. Requires: page aligned, in user space.
    void set_map_top(this const Permits<memory::change> auto& self, VirtAddr top) { self->set_map_top(top); }
    // madvise(2)
    Status advise(this const Permits<memory::change> auto& self, VirtAddr at, u64 length, u32 advice) { return self->advise(at, length, advice); }
    // msync(2)
    Status sync(this const Permits<memory::change> auto& self, VirtAddr at, u64 length, u32 flags) { return self->sync(at, length, flags); }
    Status lock_pages(this const Permits<memory::change> auto& self, VirtAddr at, u64 length, PageLock how, const VmLimits& limits) { return self->lock_pages(at, length, how, limits); }
    // mseal(2). Errors: invalid_argument, out_of_memory (a hole: nothing is sealed then).
    Status seal(this const Permits<memory::change> auto& self, VirtAddr at, u64 length) { return self->seal(at, length); }
    // mlockall(2), munlockall(2) (nothing set). Errors: out_of_memory (limit).
    Status lock_all(this const Permits<memory::change> auto& self, LockAll what, const VmLimits& limits) { return self->lock_all(what, limits); }
    void set_layout(this const Permits<memory::change> auto& self, const Layout& l, Vec<u64> auxv) { self->set_layout(l, std::move(auxv)); }

    // shmdt(2): unmaps what is left of the attachment whose first byte is, or would be, at `at`. Errors: invalid_argument, out_of_memory.
    Status detach(this const Permits<memory::change> auto& self, VirtAddr at) { return self->detach(at); }
    // Whose memory it is; a copy is its parent's until then.
    void belong_to(this const Permits<memory::change> auto& self, i32 process) { self->process_.store(process, Order::relaxed); }

    // Copy-on-write copy. Errors: out_of_memory.
    Result<Cap<Vm, memory::all>> fork(this const Permits<memory::use | memory::read> auto& self) { return self->fork(); }

    // ---- inspect ----
    void each_area(this const Permits<memory::inspect> auto& self, FnRef<void(const AreaInfo&)> f) { self->each_area(f); }  // ascending
    // Calls f for the resident pages of an area.
    void each_page(this const Permits<memory::inspect> auto& self, const AreaInfo& a, FnRef<void(const Mapping&)> f) { self->each_page(a, f); }
    Layout layout(this const Permits<memory::inspect> auto& self) { return self->layout(); }
    Vec<u64> auxv(this const Permits<memory::inspect> auto& self) { return self->auxv(); }

    // ---- read, write: whatever the mappings allow its own program. Errors: fault. ----
    Status read(this const Permits<memory::read> auto& self, VirtAddr at, std::span<u8> to) { return self->read(at, to); }
    void environment(this const Permits<memory::read> auto& self, String& out) { self->environment(out); }
    Status write(this const Permits<memory::write> auto& self, VirtAddr at, std::span<const u8> from) { return self->write(at, from); }
    // As debuggers do, whatever the mappings allow: private memory that is not writable gets a copy of its own. Errors: fault, out_of_memory.
    // For core dumps: whether the area has pages that are not its file's; what a page is now (false: nothing is there, or what is there
    // was never touched).
    bool has_own_pages(this const Permits<memory::inspect> auto& self, const AreaInfo& a) { return self->has_own_pages(a); }
    bool snapshot(this const Permits<memory::read> auto& self, VirtAddr page, std::span<u8> to) { return self->snapshot(page, to); }
    Status peek(this const Permits<memory::read> auto& self, VirtAddr at, std::span<u8> to) { return self->peek(at, to); }
    Status poke(this const Permits<memory::write> auto& self, VirtAddr at, std::span<const u8> from) { return self->poke(at, from); }
  };

  // With all rights: its maker decides who gets which.
  static Result<Cap<Vm, memory::all>> create(Ref<Account> account);

  // ---- what every process may know of every other ----
  VmStats stats() const;
  // The resident set's highest size seen so far; never sleeps.
  u64 peak_resident_pages() const;
  Resident resident() const;
  // Pages of mapped files; one that is mapped n times counts one n-th of `one`.
  u64 file_shares(u64 one) const;
  u64 code_pages() const;
  // Appends the program's arguments as it shows them itself [proc(5) cmdline].
  void command_line(String& out) const;

  void drop_pages(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const override;
  i32 process_id() const override { return process_.load(Order::relaxed); }
  ~Vm() override;

  struct State;
  // Use create().
  explicit Vm(Ref<AddressSpace> space, Ref<Account> account);

 private:
  const AddressSpace& space() const [[clang::lifetimebound]] { return *space_; }
  FaultResult fault(VirtAddr at, Access access, const VmLimits& limits) const;
  bool shared_at(VirtAddr at) const;
  Status populate(VirtAddr at, u64 length) const;
  Status residency(VirtAddr at, u64 length, FnRef<void(bool)> page) const;
  Result<VirtAddr> map(const MapRequest& request, const VmLimits& limits) const;
  Status unmap(VirtAddr at, u64 length) const;
  Status detach(VirtAddr at) const;
  Status protect(VirtAddr at, u64 length, Prot prot, const VmLimits& limits) const;
  Result<VirtAddr> remap(const RemapRequest& r, const VmLimits& limits) const;
  VirtAddr set_break(VirtAddr wanted, const VmLimits& limits) const;
  void init_break(VirtAddr start) const;
  void set_map_top(VirtAddr top) const;
  Status advise(VirtAddr at, u64 length, u32 advice) const;
  Status sync(VirtAddr at, u64 length, u32 flags) const;
  Status lock_pages(VirtAddr at, u64 length, PageLock how, const VmLimits& limits) const;
  Status seal(VirtAddr at, u64 length) const;
  Status lock_all(LockAll what, const VmLimits& limits) const;
  void set_layout(const Layout& l, Vec<u64> auxv) const;
  Result<Cap<Vm, memory::all>> fork() const;
  void each_area(FnRef<void(const AreaInfo&)> f) const;
  void each_page(const AreaInfo& a, FnRef<void(const Mapping&)> f) const;
  Layout layout() const;
  Vec<u64> auxv() const;
  Status read(VirtAddr at, std::span<u8> to) const;
  void environment(String& out) const;
  Status write(VirtAddr at, std::span<const u8> from) const;
  bool has_own_pages(const AreaInfo& a) const;
  bool snapshot(VirtAddr page, std::span<u8> to) const;
  Status peek(VirtAddr at, std::span<u8> to) const;
  Status poke(VirtAddr at, std::span<const u8> from) const;
  Result<UFrame> force(VirtAddr page, Access access) const;

  static Result<Ref<Vm>> make(Ref<Account> account);
  void clear() const;                                                   // everything unmapped (exit of the last user)
  void copy_text(VirtAddr begin, VirtAddr end, String& out) const;
  bool grow_stack(VirtAddr at, const VmLimits& limits) const;
  Result<VirtAddr> duplicate(Areas& a, u64 key, const RemapRequest& q, u64 length, const VmLimits& limits) const;
  // Unmaps the pages of the range; other tasks get their turn in between. Requires: no area needs them any more.
  void drop_range(VirtRange r) const;
  void drop_clean(Cursor& c, VirtRange r, const Area& x) const;
  Ref<AddressSpace> space_;
  Ref<Account> account_;
  Atomic<i32> process_{0};
  Once<Ref<FaultHandler>> resolver_{};
  Atomic<u32> threads_{0};
  Own<State> state_;
};

}  // namespace svc::vm
