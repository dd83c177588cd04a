// SPDX-License-Identifier: MPL-2.0
// The wait lists of futexes. First come, first served; a waker unlinks under the lock and unparks after it.
#include <base/hash.h>
#include <services/process/futex_table.h>

namespace svc::proc {

void FutexWaiter::move_to(const FutexKey& k, usize bucket_index, Opt<UFrame> page) const {
  space.store(k.space, Order::relaxed);
  at.store(k.at, Order::relaxed);
  bucket.store(static_cast<u32>(bucket_index), Order::relaxed);
  // What it held is dropped outside the lock.
  page_.with([&](Opt<UFrame>& p) { std::swap(p, page); });
}

usize FutexTable::index_of(const Key& k) {
  Hasher h(hash_seed());
  h.add(k.space);
  h.add(k.at);
  return h.finish() % kBuckets;
}

Ref<FutexWaiter> FutexTable::enqueue(const Key& key, u32 bits, Opt<UFrame> page) const {
  const usize i = index_of(key);
  const Ref<FutexWaiter> w = make_ref<FutexWaiter>(ostd::task::current(), key, i, bits, std::move(page));
  buckets_[i].with([&](Bucket& b) { b.waiters.push_back(w); });
  return w;
}

bool FutexTable::confirm(const FutexWaiter& w) const {
  // Not confirmed, so not requeued: its bucket is the first one.
  return buckets_[w.bucket.load(Order::relaxed)].with([&](Bucket&) {
    if (w.passed_by.exchange(0, Order::relaxed) != 0) return false;
    w.confirmed.store(1, Order::relaxed);
    return true;
  });
}

bool FutexTable::remove(const FutexWaiter& w) const {
  for (;;) {
    const u32 i = w.bucket.load(Order::relaxed);
    bool moved = false;
    const Opt<Ref<FutexWaiter>> gone = buckets_[i].with([&](Bucket& b) {
      // A requeue changes the bucket with both locked: what is seen here now stays.
      moved = w.bucket.load(Order::relaxed) != i;
      return moved ? Opt<Ref<FutexWaiter>>() : b.waiters.remove(w);
    });
    if (!moved) return gone.has_value();
  }
}

List<FutexWaiter> FutexTable::take(Bucket& b, const Key& key, usize n, u32 bits) {
  List<FutexWaiter> taken{};
  usize left = n;
  Opt<Ref<FutexWaiter>> at = b.waiters.front();
  while (at && left != 0) {
    const Ref<FutexWaiter> w = *at;
    at = b.waiters.after(*w);
    if (!w->waits_for(key) || (w->bits.load(Order::relaxed) & bits) == 0) continue;
    if (w->confirmed.load(Order::relaxed) == 0) {
      w->passed_by.store(1, Order::relaxed);
      continue;
    }
    static_cast<void>(b.waiters.remove(*w));
    taken.push_back(w);
    --left;
  }
  return taken;
}

usize FutexTable::append(Bucket& b, List<FutexWaiter> waiters, const Key& key, usize index, const Opt<UFrame>& page) {
  const usize n = waiters.size();
  for (Opt<Ref<FutexWaiter>> w = waiters.pop_front(); w; w = waiters.pop_front()) {
    (*w)->move_to(key, index, page);
    b.waiters.push_back(*w);
  }
  return n;
}

namespace {

usize wake_all_of(List<FutexWaiter> taken) {
  const usize n = taken.size();
  for (Opt<Ref<FutexWaiter>> w = taken.pop_front(); w; w = taken.pop_front()) {
    // The order of the two: the waiter looks at `woken` after it was unparked.
    (*w)->woken.store(1, Order::release);
    (*w)->task()->unpark();
  }
  return n;
}

}  // namespace

usize FutexTable::wake(const Key& key, usize n, u32 bits) const {
  return wake_all_of(buckets_[index_of(key)].with([&](Bucket& b) { return take(b, key, n, bits); }));
}

FutexTable::Moved FutexTable::requeue(const Key& from, const Key& to, const Opt<UFrame>& to_page, usize wake, usize move) const {
  const usize here = index_of(from), there = index_of(to);
  Moved m{};
  List<FutexWaiter> woken{};
  if (here == there) {
    woken = buckets_[here].with([&](Bucket& b) {
      List<FutexWaiter> first = take(b, from, wake, ~0U);
      m.moved = append(b, take(b, from, move, ~0U), to, there, to_page);
      return first;
    });
  } else {
    woken = lock_pair(buckets_[here], buckets_[there], [&](Bucket& a, Bucket& b) {
      List<FutexWaiter> first = take(a, from, wake, ~0U);
      m.moved = append(b, take(a, from, move, ~0U), to, there, to_page);
      return first;
    });
  }
  m.woken = wake_all_of(std::move(woken));
  return m;
}

}  // namespace svc::proc
