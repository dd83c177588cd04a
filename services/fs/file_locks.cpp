// SPDX-License-Identifier: MPL-2.0
// Advisory locks.
#include <services/fs/inode.h>

namespace svc::fs {
namespace {

constexpr u32 kMostHops = 10;   // as many owners as Linux follows

bool overlap(const FileLock& a, const FileLock& b) { return a.start <= b.end && b.start <= a.end; }
bool touches(const FileLock& a, const FileLock& b) { return a.start <= (b.end == ~0ULL ? b.end : b.end + 1) && b.start <= (a.end == ~0ULL ? a.end : a.end + 1); }
bool mine(const FileLock& a, const FileLock& b) { return (*a.owner).same(**b.owner); }
}  // namespace

void LockOwner::waits_for(Opt<Ref<LockOwner>> other) const {
  waiting_.with([&](Opt<Ref<LockOwner>>& w) { std::swap(w, other); });
}
bool LockOwner::leads_to(const LockOwner& target) const {
  Ref<LockOwner> at = ref_of(*this);
  for (u32 hops = 0; hops < kMostHops; ++hops) {
    if (at.same(target)) return true;
    const Opt<Ref<LockOwner>> next = at->waiting_.with([](Opt<Ref<LockOwner>>& w) { return w; });
    if (!next) return false;
    at = *next;
  }
  return false;
}

Opt<FileLock> FileLocks::in_the_way(const Held& h, const FileLock& wanted) {
  Opt<FileLock> first{};
  h.each([&](const Key&, const FileLock& l) {
    const bool conflicts = !mine(l, wanted) && overlap(l, wanted) && (l.type == LockType::write || wanted.type == LockType::write);
    if (conflicts && !first) first = l;
  });
  return first;
}

bool FileLocks::replace(Held& h, FileLock lock) {
  const u64 owner = (*lock.owner).id();
  bool found = false;
  for (Opt<Key> k = h.first_key(), next{}; k; k = next) {
    next = h.upper_bound(*k);
    if (k->owner != owner) continue;
    const FileLock l = *h.get(*k);
    const bool joins = l.type == lock.type && touches(l, lock);
    if (!joins && !overlap(l, lock)) continue;
    found = true;
    h.remove(*k);
    if (joins) {
      lock.start = l.start < lock.start ? l.start : lock.start;
      lock.end = l.end > lock.end ? l.end : lock.end;
      continue;
    }
    if (l.start < lock.start) {
      FileLock before = l;
      before.end = lock.start - 1;
      h.insert(Key{before.start, owner}, std::move(before));
    }
    if (l.end > lock.end) {
      FileLock behind = l;
      behind.start = lock.end + 1;
      h.insert(Key{behind.start, owner}, std::move(behind));
    }
  }
  if (lock.type != LockType::unlock) h.insert(Key{lock.start, owner}, std::move(lock));
  return found;
}

Opt<FileLock> FileLocks::conflict(LockSpace space, const FileLock& wanted) const {
  return state_.with([&](State& s) { return in_the_way(held(s, space), wanted); });
}

FileLocks::Attempt FileLocks::attempt(LockSpace space, const FileLock& wanted) const {
  return state_.with([&](State& s) {
    Held& h = held(s, space);
    Attempt a{};
    a.blocked = wanted.type != LockType::unlock && in_the_way(h, wanted).has_value();
    if (!a.blocked) a.freed = replace(h, wanted);
    // flock gives its old lock up before it waits for another kind of lock.
    if (a.blocked && space == LockSpace::whole_file) {
      FileLock nothing = wanted;
      nothing.type = LockType::unlock;
      a.freed = replace(h, std::move(nothing));
    }
    return a;
  });
}

Status FileLocks::set(LockSpace space, const FileLock& wanted) const {
  const Attempt a = attempt(space, wanted);
  if (a.freed) freed_.wake_all();
  if (a.blocked) return Errc::again;
  return Ok();
}

Status FileLocks::set_waiting(LockSpace space, const FileLock& wanted) const {
  const Ref<LockOwner> me = *wanted.owner;
  Status result = Ok();
  const Status waited = freed_.wait_until(Wait::interruptible, [&] {
    result = set(space, wanted);
    if (result.ok()) return true;
    const Opt<FileLock> other = conflict(space, wanted);
    if (!other || space != LockSpace::record || wanted.pid.value == -1) return false;
    me->waits_for(other->owner);
    if (!(*other->owner)->leads_to(*me)) return false;
    result = Errc::deadlock;
    return true;
  });
  me->waits_for(none);
  if (!waited.ok()) return Errc::restart_syscall;
  return result;
}

void FileLocks::release(LockSpace space, const LockOwner& owner) const {
  const usize gone = state_.with([&](State& s) {
    return held(s, space).remove_if([&](const Key&, FileLock& l) { return (*l.owner).same(owner); });
  });
  if (gone != 0) freed_.wake_all();
}

bool FileLocks::empty() const {
  return state_.with([](State& s) { return s.record.empty() && s.whole.empty(); });
}

Ref<FileLocks> FileLockPlace::enter() const {
  return state_.with([&](State& s) {
    if (!s.locks) {
      s.locks = make_ref<FileLocks>();
      any_.store(1, Order::release);
    }
    ++s.users;
    return *s.locks;
  });
}

// The locks die outside the spinlock.
void FileLockPlace::leave() const {
  Opt<Ref<FileLocks>> unused{};
  state_.with([&](State& s) {
    if (--s.users != 0 || !(*s.locks)->empty()) return;
    std::swap(s.locks, unused);
    any_.store(0, Order::release);
  });
}

FileLocksUse::FileLocksUse(Ref<Inode> inode) : inode_(std::move(inode)), locks_(inode_->locks.enter()) {}
FileLocksUse::~FileLocksUse() { inode_->locks.leave(); }

FileLockHold::FileLockHold(Ref<Inode> inode) : use_(std::move(inode)), owner_(make_ref<LockOwner>()) {}
FileLockHold::~FileLockHold() {
  use_.locks().release(LockSpace::record, *owner_);
  use_.locks().release(LockSpace::whole_file, *owner_);
}

}  // namespace svc::fs
