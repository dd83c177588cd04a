// SPDX-License-Identifier: MPL-2.0
// Descriptor tables. Files that are removed are returned, so that they end outside the spinlock.
#include <services/fs/fd_table.h>

namespace svc::fs {
namespace {
constexpr u64 kMostDescriptors = 1 << 20;  // fs.nr_open
}

FdTable::~FdTable() {
  if (!lock_owner_.is_set()) return;
  State last{};
  state_.with([&](State& s) { std::swap(s, last); });
  for (const Entry& e : last.entries)
    if (e.file) closed(**e.file);
}

void FdTable::closed(const File& f) const {
  if (!lock_owner_.is_set()) return;
  const Opt<Ref<Inode>> inode = f.inode();
  if (!inode || !(*inode)->locks.any()) return;
  const FileLocksUse use(*inode);
  use.locks().release(LockSpace::record, *lock_owner_.get());
}

Ref<LockOwner> FdTable::lock_owner() const {
  if (!lock_owner_.is_set()) static_cast<void>(lock_owner_.set(make_ref<LockOwner>()));
  return lock_owner_.get();
}

Status FdTable::room(u64 limit) const {
  return state_.with([&](State& s) -> Status {
    const Opt<usize> free = s.used.first_zero_from(0);
    if ((free ? *free : s.used.size()) >= (limit < kMostDescriptors ? limit : kMostDescriptors)) return Errc::too_many_files;
    return Ok();
  });
}

Opt<usize> FdTable::slot(const State& s, Fd fd) {
  if (fd.value < 0) return none;
  const usize i = static_cast<usize>(fd.value);
  if (i >= s.entries.size() || !s.entries[i].file) return none;
  return i;
}

Result<Ref<File>> FdTable::get(Fd fd) const {
  return state_.with([&](State& s) -> Result<Ref<File>> {
    const Opt<usize> i = slot(s, fd);
    if (!i) return Errc::bad_descriptor;
    return *s.entries[*i].file;
  });
}

void FdTable::put(State& s, usize i, Ref<File> file, CloseOnExec cloexec) {
  while (s.entries.size() <= i) s.entries.push_back(Entry{});
  if (s.used.size() < s.entries.size()) s.used.resize(s.entries.size() * 2 + 62);
  s.entries[i].file = Opt<Ref<File>>(std::move(file));
  s.entries[i].cloexec = cloexec;
  s.used.set(i);
  ++s.count;
}

Result<Fd> FdTable::install(Ref<File> file, CloseOnExec cloexec, u64 limit, i32 from) const {
  const u64 most = limit < kMostDescriptors ? limit : kMostDescriptors;
  if (from < 0 || static_cast<u64>(from) >= most) return from < 0 ? Errc::invalid_argument : Errc::too_many_files;
  return state_.with([&](State& s) -> Result<Fd> {
    const Opt<usize> free = s.used.first_zero_from(static_cast<usize>(from));
    usize i = free ? *free : s.used.size();
    if (i < static_cast<usize>(from)) i = static_cast<usize>(from);
    if (i >= most) return Errc::too_many_files;
    put(s, i, std::move(file), cloexec);
    return Fd{static_cast<i32>(i)};
  });
}

Result<Opt<Ref<File>>> FdTable::replace(Fd fd, Ref<File> file, CloseOnExec cloexec, u64 limit) const {
  const u64 most = limit < kMostDescriptors ? limit : kMostDescriptors;
  if (fd.value < 0 || static_cast<u64>(fd.value) >= most) return Errc::bad_descriptor;
  return state_.with([&](State& s) -> Result<Opt<Ref<File>>> {
    const usize i = static_cast<usize>(fd.value);
    Opt<Ref<File>> old{};
    if (slot(s, fd)) {
      old = s.entries[i].file.take();
      --s.count;
    }
    put(s, i, std::move(file), cloexec);
    return old;
  });
}

Ref<File> FdTable::take(State& s, usize i) {
  Opt<Ref<File>> f = s.entries[i].file.take();
  s.entries[i].cloexec = CloseOnExec::no;
  s.used.clear(i);
  --s.count;
  return *std::move(f);
}

Result<Ref<File>> FdTable::remove(Fd fd) const {
  return state_.with([&](State& s) -> Result<Ref<File>> {
    const Opt<usize> i = slot(s, fd);
    if (!i) return Errc::bad_descriptor;
    return take(s, *i);
  });
}

Result<CloseOnExec> FdTable::cloexec(Fd fd) const {
  return state_.with([&](State& s) -> Result<CloseOnExec> {
    const Opt<usize> i = slot(s, fd);
    if (!i) return Errc::bad_descriptor;
    return s.entries[*i].cloexec;
  });
}
Status FdTable::set_cloexec(Fd fd, CloseOnExec value) const {
  return state_.with([&](State& s) -> Status {
    const Opt<usize> i = slot(s, fd);
    if (!i) return Errc::bad_descriptor;
    s.entries[*i].cloexec = value;
    return Ok();
  });
}

Vec<Ref<File>> FdTable::remove_range(u32 first, u32 last) const {
  return state_.with([&](State& s) {
    Vec<Ref<File>> out{};
    for (usize i = first; i <= last && i < s.entries.size(); ++i)
      if (s.entries[i].file) out.push_back(take(s, i));
    return out;
  });
}
void FdTable::set_cloexec_range(u32 first, u32 last) const {
  state_.with([&](State& s) {
    for (usize i = first; i <= last && i < s.entries.size(); ++i)
      if (s.entries[i].file) s.entries[i].cloexec = CloseOnExec::yes;
  });
}
Vec<Ref<File>> FdTable::remove_cloexec() const {
  return state_.with([&](State& s) {
    Vec<Ref<File>> out{};
    for (usize i = 0; i < s.entries.size(); ++i)
      if (s.entries[i].file && s.entries[i].cloexec == CloseOnExec::yes) out.push_back(take(s, i));
    return out;
  });
}

Ref<FdTable> FdTable::clone() const {
  // Two steps, so that no two locks of one rank are held.
  State mine = state_.with([](State& s) {
    State t{};
    t.entries = s.entries;
    t.used = s.used;
    t.count = s.count;
    return t;
  });
  const Ref<FdTable> copy = make_ref<FdTable>();
  copy->state_.with([&](State& t) { std::swap(t, mine); });
  return copy;
}

Opt<Fd> FdTable::next(i32 from) const {
  return state_.with([&](State& s) -> Opt<Fd> {
    for (usize i = from < 0 ? 0 : static_cast<usize>(from); i < s.entries.size(); ++i)
      if (s.entries[i].file) return Fd{static_cast<i32>(i)};
    return none;
  });
}
usize FdTable::open_count() const {
  return state_.with([](State& s) { return s.count; });
}

}  // namespace svc::fs
