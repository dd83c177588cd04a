// SPDX-License-Identifier: MPL-2.0
// FdTable: the descriptors of one process (or of several that share it by CLONE_FILES). Lookups take one short spinlock and
// one reference; the lowest free number is found by bitmap. Entries are in leaves, made where there are descriptors: a high number
// does not cost a long table. What a call needs beyond a few pages it reserves itself.
// An entry is a capability with the rights of the file's access mode.
#pragma once
#include <base/array.h>
#include <base/bitmap.h>
#include <base/index.h>
#include <base/vec.h>
#include <services/fs/file.h>

namespace svc::fs {

struct Fd {
  i32 value = -1;
  constexpr auto operator<=>(const Fd&) const = default;
};
enum class CloseOnExec : u8 { no, yes };

class FdTable final : public RefCounted {
 public:
  FdTable() = default;
  ~FdTable() override;
  // To be called with what the functions below took out, of which the caller holds one reference: ends the record locks that this
  // table has on the file [fcntl(2)] and tells the file.
  void closed(const File& f) const;
  // Whose its record locks are.
  Ref<LockOwner> lock_owner() const;
  // It may have record locks on the inode of files that have none.
  void locks_without_inode(const Ref<Inode>& shared) const { static_cast<void>(shared_.set(shared)); }
  // Whether a descriptor could be installed. Errors: too_many_files.
  Status room(u64 limit) const;
  // The file without rights, of O_PATH descriptors too. Errors: bad_descriptor.
  Result<Ref<File>> get(Fd fd) const;
  // With rights. Errors: bad_descriptor, also when it was not opened for that; illegal_seek.
  template <Rights<File> R>
  Result<Cap<File, R>> get(Fd fd) const {
    return look(fd, [](const DynCap<File>& f) { return f.allows(R | kDup) ? f.share<R>() : Result<Cap<File, R>>(lacking(f, R)); });
  }
  // With the rights it has. Errors: bad_descriptor, also without the right control (O_PATH).
  Result<DynCap<File>> capability(Fd fd) const;
  // The same, of O_PATH descriptors too.
  Result<DynCap<File>> any(Fd fd) const;
  // Lowest free number >= from and < limit. Errors: too_many_files, out_of_memory.
  Result<Fd> install(Ref<File> file, CloseOnExec cloexec, u64 limit, i32 from = 0) const { return install(with_rights(std::move(file)), cloexec, limit, from); }
  // A second descriptor for what another one gave.
  Result<Fd> install(DynCap<File> file, CloseOnExec cloexec, u64 limit, i32 from = 0) const;
  // A number that is taken, with no file yet: who asks for it is told that there is none (FdSlot). Errors: too_many_files, out_of_memory.
  Result<Fd> reserve(CloseOnExec cloexec, u64 limit) const { return claim(none, cloexec, limit, 0); }
  void fill(Fd reserved, DynCap<File> file) const;
  void fill(Fd reserved, Ref<File> file) const { fill(reserved, with_rights(std::move(file))); }
  void unreserve(Fd reserved) const;
  // dup2/dup3: puts file at exactly fd, returns what was there. Errors: bad_descriptor when fd >= limit, busy (reserved), out_of_memory.
  Result<Opt<Ref<File>>> replace(Fd fd, DynCap<File> file, CloseOnExec cloexec, u64 limit) const;
  Result<Ref<File>> remove(Fd fd) const;  // bad_descriptor
  Result<CloseOnExec> cloexec(Fd fd) const;
  Status set_cloexec(Fd fd, CloseOnExec value) const;
  enum class Which : u8 { all, cloexec };
  // Removes the first one in [first, last], which `first` goes behind; nothing: there is none.
  Opt<Ref<File>> remove_next(u32& first, u32 last, Which which) const;
  void set_cloexec_range(u32 first, u32 last) const;
  Result<Ref<FdTable>> clone() const;      // fork. Errors: out_of_memory
  Opt<Fd> next(i32 from) const;            // the next open descriptor at or above from
  usize open_count() const;

 private:
  struct Entry {
    Opt<DynCap<File>> file{};
    CloseOnExec cloexec = CloseOnExec::no;
  };
  static constexpr usize kLeaf = 64;
  struct Leaf {
    Array<Entry, kLeaf> entries{};
  };
  // The one place that decides what an open file may be used for; every entry can be duplicated.
  static DynCap<File> with_rights(Ref<File> f);
  // The error of a call that needs the rights `wanted`, of which some are missing.
  static Errc lacking(const DynCap<File>& f, Rights<File> wanted);
  struct State {
    Vec<Opt<Own<Leaf>>> leaves{};
    Bitmap used{};  // also of reserved numbers; not shorter than what the leaves cover
    usize count = 0;
    // Where an entry for i is or would be; its leaf is made.
    Entry& at(usize i) [[clang::lifetimebound]];
    bool taken(Fd fd) const;
    bool holds(Fd fd);
  };
  // What f makes of the entry of fd. Errors: bad_descriptor, f's.
  template <class F>
  auto look(Fd fd, F f) const {
    return state_.with([&](State& s) -> decltype(f(*s.at(0).file)) {
      if (fd.value < 0) return Errc::bad_descriptor;
      const usize i = static_cast<usize>(fd.value);
      const Opt<usize> leaf = checked_index(i / kLeaf, s.leaves.size());
      if (!leaf || !s.leaves[*leaf]) return Errc::bad_descriptor;
      const Entry& e = (*s.leaves[*leaf])->entries[i % kLeaf];
      if (!e.file) return Errc::bad_descriptor;
      return f(*e.file);
    });
  }
  static usize pages_for(usize i);
  static void put(State& s, usize i, Opt<DynCap<File>> file, CloseOnExec cloexec);
  Result<Fd> claim(Opt<DynCap<File>> file, CloseOnExec cloexec, u64 limit, i32 from) const;
  static Ref<File> take(State& s, usize i);
  SpinLocked<State, rank::kFdTable> state_{};
  Once<Ref<LockOwner>> lock_owner_{};
  Once<Ref<Inode>> shared_{};
};

// A reserved number, given back if nothing fills it.
class FdSlot {
 public:
  static Result<FdSlot> take(const Ref<FdTable>& table, CloseOnExec cloexec, u64 limit) {
    const Fd fd = TRY(table->reserve(cloexec, limit));
    return FdSlot(table, fd);
  }
  FdSlot(FdSlot&& o) noexcept : table_(std::move(o.table_)), fd_(std::exchange(o.fd_, Fd{})) {}
  FdSlot& operator=(FdSlot&&) = delete;
  ~FdSlot() {
    if (fd_ != Fd{}) table_->unreserve(fd_);
  }
  Fd fd() const { return fd_; }
  template <class F>
  Fd fill(F file) && {
    const Fd filled = std::exchange(fd_, Fd{});
    table_->fill(filled, std::move(file));
    return filled;
  }

 private:
  FdSlot(const Ref<FdTable>& table, Fd fd) : table_(table), fd_(fd) {}
  Ref<FdTable> table_;
  Fd fd_;
};

}  // namespace svc::fs
