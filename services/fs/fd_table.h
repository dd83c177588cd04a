// SPDX-License-Identifier: MPL-2.0
// FdTable: the descriptors of one process (or of several that share it by CLONE_FILES). Lookups take one short spinlock and
// one reference; the lowest free number is found by bitmap.
#pragma once
#include <base/bitmap.h>
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
  // To be called with what the functions below took out: ends the record locks that this table has on the file. [fcntl(2)]
  void closed(const File& f) const;
  // Whose its record locks are.
  Ref<LockOwner> lock_owner() const;
  // Whether a descriptor could be installed. Errors: too_many_files.
  Status room(u64 limit) const;
  Result<Ref<File>> get(Fd fd) const;  // bad_descriptor
  // Lowest free number >= from and < limit. Errors: too_many_files.
  Result<Fd> install(Ref<File> file, CloseOnExec cloexec, u64 limit, i32 from = 0) const;
  // dup2/dup3: puts file at exactly fd, returns what was there. Errors: bad_descriptor when fd >= limit.
  Result<Opt<Ref<File>>> replace(Fd fd, Ref<File> file, CloseOnExec cloexec, u64 limit) const;
  Result<Ref<File>> remove(Fd fd) const;  // bad_descriptor
  Result<CloseOnExec> cloexec(Fd fd) const;
  Status set_cloexec(Fd fd, CloseOnExec value) const;
  // Removes all in [first, last]; what was removed.
  Vec<Ref<File>> remove_range(u32 first, u32 last) const;
  void set_cloexec_range(u32 first, u32 last) const;
  Vec<Ref<File>> remove_cloexec() const;   // execve
  Ref<FdTable> clone() const;              // fork
  Opt<Fd> next(i32 from) const;            // the next open descriptor at or above from
  usize open_count() const;

 private:
  struct Entry {
    Opt<Ref<File>> file{};
    CloseOnExec cloexec = CloseOnExec::no;
  };
  struct State {
    Vec<Entry> entries{};
    Bitmap used{};
    usize count = 0;
  };
  static Opt<usize> slot(const State& s, Fd fd);
  static void put(State& s, usize i, Ref<File> file, CloseOnExec cloexec);
  static Ref<File> take(State& s, usize i);
  SpinLocked<State, rank::kFdTable> state_{};
  Once<Ref<LockOwner>> lock_owner_{};
};

}  // namespace svc::fs
