// SPDX-License-Identifier: MPL-2.0
// Descriptor tables. Files that are removed are returned, so that they end outside the spinlock.
#include <ostd/reservation.h>
#include <services/fs/fd_table.h>

namespace svc::fs {
namespace {
constexpr u64 kMostDescriptors = 1 << 20;  // fs.nr_open
constexpr usize kCallers = 64;             // pages that callers have reserved for the rest of what they do, at most
constexpr usize kCovered = 4096;           // growing to that many is in the budget of every call that installs one
}

// What the table itself can need to grow to hold i, without the leaf: a reference for each leaf and two bits for each entry, in
// blocks of powers of two.
usize FdTable::pages_for(usize i) { return i < kCovered ? 0 : 8 + i / 2048; }

FdTable::Entry& FdTable::State::at(usize i) {
  if (leaves.size() <= i / kLeaf) leaves.resize(i / kLeaf + 1);
  if (used.size() < leaves.size() * kLeaf) used.resize(leaves.size() * kLeaf * 2);
  Opt<Own<Leaf>>& leaf = leaves[i / kLeaf];
  if (!leaf) leaf = make_own<Leaf>();
  return (*leaf)->entries[i % kLeaf];
}
bool FdTable::State::taken(Fd fd) const {
  const usize i = static_cast<usize>(fd.value);
  return fd.value >= 0 && i < used.size() && used.test(i);
}

bool FdTable::State::holds(Fd fd) { return taken(fd) && at(static_cast<usize>(fd.value)).file; }

FdTable::~FdTable() {
  State last{};
  state_.with([&](State& s) { std::swap(s, last); });
  for (Opt<usize> i = last.used.first_set_from(0); i; i = last.used.first_set_from(*i + 1)) {
    if (!last.at(*i).file) continue;
    const Ref<File> f = take(last, *i);
    closed(*f);
  }
}

void FdTable::closed(const File& f) const {
  f.descriptor_closed();
  if (!lock_owner_.is_set()) return;
  Opt<Ref<Inode>> inode = f.inode();
  if (!inode && shared_.is_set()) inode = Opt<Ref<Inode>>(shared_.get());
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

DynCap<File> FdTable::with_rights(Ref<File> f) {
  Rights<File> r = kDup;
  if (!f->path_only()) {
    r = r | file::control | (f->offers() & file::seek);
    if (f->readable()) r = r | file::read | (f->offers() & file::map);
    if (f->writable()) r = r | file::write | file::append;
  }
  return DynCap<File>::mint(File::MintKey(), std::move(f), r);
}

Errc FdTable::lacking(const DynCap<File>& f, Rights<File> wanted) {
  const bool opened = f.allows(file::control), positions = f.allows(file::seek) || !wanted.contains(file::seek);
  return opened && !positions ? Errc::illegal_seek : Errc::bad_descriptor;
}

Result<Ref<File>> FdTable::get(Fd fd) const {
  return look(fd, [](const DynCap<File>& f) { return Result<Ref<File>>(f.ref()); });
}
Result<DynCap<File>> FdTable::capability(Fd fd) const {
  return look(fd, [](const DynCap<File>& f) { return f.allows(file::control) ? f.dup() : Result<DynCap<File>>(Errc::bad_descriptor); });
}
Result<DynCap<File>> FdTable::any(Fd fd) const {
  return look(fd, [](const DynCap<File>& f) { return f.dup(); });
}

void FdTable::put(State& s, usize i, Opt<DynCap<File>> file, CloseOnExec cloexec) {
  if (file) ++s.count;
  s.at(i) = Entry{std::move(file), cloexec};
  s.used.set(i);
}

void FdTable::fill(Fd reserved, DynCap<File> file) const {
  state_.with([&](State& s) {
    s.at(static_cast<usize>(reserved.value)).file = Opt<DynCap<File>>(std::move(file));
    ++s.count;
  });
}
void FdTable::unreserve(Fd reserved) const {
  state_.with([&](State& s) { s.used.clear(static_cast<usize>(reserved.value)); });
}

Result<Fd> FdTable::install(DynCap<File> file, CloseOnExec cloexec, u64 limit, i32 from) const { return claim(Opt<DynCap<File>>(std::move(file)), cloexec, limit, from); }
Result<Fd> FdTable::claim(Opt<DynCap<File>> file, CloseOnExec cloexec, u64 limit, i32 from) const {
  const u64 most = limit < kMostDescriptors ? limit : kMostDescriptors;
  if (from < 0 || static_cast<u64>(from) >= most) return from < 0 ? Errc::invalid_argument : Errc::too_many_files;
  for (usize pages = 0;;) {
    usize needed = 0;
    const Result<Fd> done = state_.with([&](State& s) -> Result<Fd> {
      const Opt<usize> free = s.used.first_zero_from(static_cast<usize>(from));
      usize i = free ? *free : s.used.size();
      if (i < static_cast<usize>(from)) i = static_cast<usize>(from);
      if (i >= most) return Errc::too_many_files;
      needed = i < s.used.size() && i / kLeaf < s.leaves.size() ? 0 : pages_for(i);
      if (needed > pages) return Errc::again;
      put(s, i, std::move(file), cloexec);
      return Fd{static_cast<i32>(i)};
    });
    if (needed <= pages) return done;
    TRY(mem::reserve(needed + kCallers));
    pages = needed;
  }
}

Result<Opt<Ref<File>>> FdTable::replace(Fd fd, DynCap<File> file, CloseOnExec cloexec, u64 limit) const {
  const u64 most = limit < kMostDescriptors ? limit : kMostDescriptors;
  if (fd.value < 0 || static_cast<u64>(fd.value) >= most) return Errc::bad_descriptor;
  const usize i = static_cast<usize>(fd.value);
  const bool grows = state_.with([&](State& s) { return i >= s.used.size() || i / kLeaf >= s.leaves.size(); });
  if (grows && pages_for(i) != 0) TRY(mem::reserve(pages_for(i) + kCallers));
  return state_.with([&](State& s) -> Result<Opt<Ref<File>>> {
    Opt<Ref<File>> old{};
    if (s.taken(fd)) {
      if (!s.at(i).file) return Errc::busy;
      old = s.at(i).file->ref();
      --s.count;
    }
    put(s, i, Opt<DynCap<File>>(std::move(file)), cloexec);
    return old;
  });
}

Ref<File> FdTable::take(State& s, usize i) {
  s.used.clear(i);
  --s.count;
  return std::exchange(s.at(i), Entry{}).file->ref();
}

Result<Ref<File>> FdTable::remove(Fd fd) const {
  return state_.with([&](State& s) -> Result<Ref<File>> {
    if (!s.holds(fd)) return Errc::bad_descriptor;
    return take(s, static_cast<usize>(fd.value));
  });
}

Result<CloseOnExec> FdTable::cloexec(Fd fd) const {
  return state_.with([&](State& s) -> Result<CloseOnExec> {
    if (!s.holds(fd)) return Errc::bad_descriptor;
    return s.at(static_cast<usize>(fd.value)).cloexec;
  });
}
Status FdTable::set_cloexec(Fd fd, CloseOnExec value) const {
  return state_.with([&](State& s) -> Status {
    if (!s.holds(fd)) return Errc::bad_descriptor;
    s.at(static_cast<usize>(fd.value)).cloexec = value;
    return Ok();
  });
}

Opt<Ref<File>> FdTable::remove_next(u32& first, u32 last, Which which) const {
  return state_.with([&](State& s) -> Opt<Ref<File>> {
    for (Opt<usize> i = s.used.first_set_from(first); i && *i <= last; i = s.used.first_set_from(*i + 1)) {
      if (!s.at(*i).file || (which == Which::cloexec && s.at(*i).cloexec == CloseOnExec::no)) continue;
      first = static_cast<u32>(*i) + 1;
      return take(s, *i);
    }
    return none;
  });
}
void FdTable::set_cloexec_range(u32 first, u32 last) const {
  state_.with([&](State& s) {
    for (Opt<usize> i = s.used.first_set_from(first); i && *i <= last; i = s.used.first_set_from(*i + 1)) s.at(*i).cloexec = CloseOnExec::yes;
  });
}

Result<Ref<FdTable>> FdTable::clone() const {
  // Two steps, so that no two locks of one rank are held.
  const Ref<FdTable> copy = make_ref<FdTable>();
  State mine{};
  for (usize pages = 0;;) {
    usize needed = 0;
    state_.with([&](State& s) {
      const Opt<usize> last = s.used.last_set();
      usize leaves = 0;
      for (const Opt<Own<Leaf>>& leaf : s.leaves) leaves += leaf ? 1 : 0;
      needed = (last ? pages_for(*last) : 0) + leaves * sizeof(Leaf) / kPageSize;
      if (needed > pages || !last) return;
      // Ends with the last one that is open: high numbers that are closed are not passed on.
      if (*last >= kCovered) static_cast<void>(mine.at(*last));
      for (Opt<usize> i = s.used.first_set_from(0); i; i = s.used.first_set_from(*i + 1)) {
        const Entry& e = s.at(*i);
        if (e.file) put(mine, *i, Opt<DynCap<File>>(MUST(e.file->dup())), e.cloexec);
      }
    });
    if (needed <= pages) break;
    TRY(mem::reserve(needed + kCallers));
    pages = needed;
  }
  copy->state_.with([&](State& t) { std::swap(t, mine); });
  return copy;
}

Opt<Fd> FdTable::next(i32 from) const {
  return state_.with([&](State& s) -> Opt<Fd> {
    for (Opt<usize> i = s.used.first_set_from(from < 0 ? 0 : static_cast<usize>(from)); i; i = s.used.first_set_from(*i + 1))
      if (s.at(*i).file) return Fd{static_cast<i32>(*i)};
    return none;
  });
}
usize FdTable::open_count() const {
  return state_.with([](State& s) { return s.count; });
}

}  // namespace svc::fs
