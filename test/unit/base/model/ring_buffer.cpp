// SPDX-License-Identifier: MPL-2.0
// RingBuffer against std::deque.
#include "model.h"
#include <algorithm>
#include <base/ring_buffer.h>
#include <deque>
#include <vector>

using namespace ostd;
using test::Item;
using test::Mover;

namespace {
template <class T>
int number(const T& e) {
  if constexpr (requires { e.value(); }) return e.value();
  else return e;
}

template <class T>
bool same(const RingBuffer<T>& ring, const std::deque<int>& m, usize capacity) {
  if (ring.size() != m.size() || ring.capacity() != capacity || ring.room() != capacity - m.size()) return false;
  if (ring.empty() != m.empty() || ring.full() != (m.size() == capacity)) return false;
  for (usize i = 0; i < m.size(); ++i)
    if (number(ring[i]) != m[i]) return false;
  const std::span<const T> run = ring.front_run();
  if (run.size() > m.size() || run.empty() != m.empty()) return false;
  for (usize i = 0; i < run.size(); ++i)
    if (number(run[i]) != m[i]) return false;
  return true;
}

template <class T>
void step(test::Round& r, RingBuffer<T>& ring, std::deque<int>& m, usize capacity) {
  const u8 x = static_cast<u8>(r.rng.below(256));
  const auto equal = [&] { return same(ring, m, capacity); };
  switch (r.rng.below(10)) {
    case 0: case 1: case 2: {
      bool took = false;
      r.grow([&] { took = ring.push(x); }, equal);
      HOLDS(r, took == (m.size() < capacity));
      if (took) m.push_back(x);
      break;
    }
    case 3: case 4: {
      const Opt<T> e = ring.pop();
      HOLDS(r, e.has_value() == !m.empty());
      if (e.has_value()) { HOLDS(r, number(*e) == m.front()); m.pop_front(); }
      break;
    }
    case 5: {
      const Opt<T> e = ring.pop_newest();
      HOLDS(r, e.has_value() == !m.empty());
      if (e.has_value()) { HOLDS(r, number(*e) == m.back()); m.pop_back(); }
      break;
    }
    case 6: if (x < 8) { ring.clear(); m.clear(); } break;
    case 7: if (!m.empty()) { const usize i = x % m.size(); ring[i] = x; m[i] = x; } break;
    case 8: {
      RingBuffer<T> other(std::move(ring)), third(x % 5u);
      HOLDS(r, same(ring, {}, capacity));
      HOLDS(r, same(other, m, capacity));
      (void)third.push(x);
      (void)ring.push(x);
      third = std::move(other);
      ring = std::move(third);
      RingBuffer<T>& self = ring;
      ring = std::move(self);
      break;
    }
    case 9: if constexpr (std::is_copy_constructible_v<T>)
      if (!m.empty() && ring.push(ring[x % m.size()])) m.push_back(m[x % m.size()]);  // of itself
      break;
  }
}

void bulk_step(test::Round& r, RingBuffer<u8>& ring, std::deque<int>& m, usize capacity) {
  std::vector<u8> piece(r.rng.below(50));
  const auto equal = [&] { return same(ring, m, capacity); };
  switch (r.rng.below(5)) {
    case 0: {
      for (u8& b : piece) b = static_cast<u8>(r.rng.below(256));
      usize n = 0;
      r.grow([&] { n = ring.write(piece); }, equal);
      HOLDS(r, n == std::min(piece.size(), capacity - m.size()));
      m.insert(m.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(n));
      break;
    }
    case 1: {
      const usize n = ring.read(piece);
      HOLDS(r, n == std::min(piece.size(), m.size()));
      for (usize i = 0; i < n; ++i) { HOLDS(r, piece[i] == m.front()); m.pop_front(); }
      break;
    }
    case 2: {
      const usize from = r.rng.below(20), n = ring.peek(piece, from);
      HOLDS(r, n == (from >= m.size() ? 0 : std::min(piece.size(), m.size() - from)));
      for (usize i = 0; i < n; ++i) HOLDS(r, piece[i] == m[from + i]);
      break;
    }
    case 3: {
      const usize n = ring.discard(piece.size() / 2);
      HOLDS(r, n == std::min(piece.size() / 2, m.size()));
      m.erase(m.begin(), m.begin() + static_cast<std::ptrdiff_t>(n));
      break;
    }
    case 4: {  // of itself
      const std::vector<int> run(ring.front_run().begin(), ring.front_run().end());
      const usize n = ring.write(ring.front_run());
      HOLDS(r, n == std::min(run.size(), capacity - m.size()));
      m.insert(m.end(), run.begin(), run.begin() + static_cast<std::ptrdiff_t>(n));
      break;
    }
  }
}
}  // namespace

TEMPLATE_TEST_CASE("RingBuffer is a bounded queue", "[model]", u8, Item, Mover) {
  u32 refusals = 0;
  MODEL_ROUNDS(r, 40) {
    {
      const usize capacity = r.rng.below(40);
      RingBuffer<TestType> ring(capacity);
      std::deque<int> m;
      MODEL_STEPS(r, 1000) {
        if constexpr (std::is_same_v<TestType, u8>)
          if (r.rng.below(2) == 0) bulk_step(r, ring, m, capacity);
        step(r, ring, m, capacity);
        HOLDS(r, same(ring, m, capacity));
        CHECK_PANICS_RARELY(r, ring[m.size()]);
      }
    }
    test::elements_are_gone();
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}
