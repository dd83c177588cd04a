// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <base/ring_buffer.h>
#include <deque>
#include <unit.h>
#include <vector>

using namespace ostd;

TEST_CASE("RingBuffer is a bounded queue of bytes", "[ring_buffer]") {
  for (u64 seed = 1; seed <= 20; ++seed) {
    test::Rng rng(seed);
    const usize capacity = 1 + rng.below(40);
    RingBuffer<u8> ring(capacity);
    std::deque<u8> m;
    u8 next = 0;
    for (int step = 0; step < 1000; ++step) {
      std::vector<u8> piece(rng.below(50));
      switch (rng.below(7)) {
        case 0: CHECK(ring.push(next) == (m.size() < capacity)); if (m.size() < capacity) m.push_back(next); next = next == 255 ? 0 : static_cast<u8>(next + 1); break;
        case 1: { const Opt<u8> b = ring.pop(); CHECK(b.has_value() == !m.empty()); if (b.has_value()) { CHECK(*b == m.front()); m.pop_front(); } break; }
        case 2: {
          for (u8& b : piece) b = static_cast<u8>(rng.below(256));
          const usize n = ring.write(piece);
          CHECK(n == std::min(piece.size(), capacity - m.size()));
          m.insert(m.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(n));
          break;
        }
        case 3: {
          const usize n = ring.read(piece);
          CHECK(n == std::min(piece.size(), m.size()));
          for (usize i = 0; i < n; ++i) { CHECK(piece[i] == m.front()); m.pop_front(); }
          break;
        }
        case 4: {
          const usize from = rng.below(10), n = ring.peek(piece, from);
          CHECK(n == (from >= m.size() ? 0 : std::min(piece.size(), m.size() - from)));
          for (usize i = 0; i < n; ++i) CHECK(piece[i] == m[from + i]);
          break;
        }
        case 5: { const usize n = ring.discard(piece.size() / 4); for (usize i = 0; i < n; ++i) m.pop_front(); break; }
        case 6: if (!m.empty() && rng.below(3) == 0) { CHECK(*ring.pop_newest() == m.back()); m.pop_back(); } break;
      }
      REQUIRE(ring.size() == m.size());
      REQUIRE(ring.room() == capacity - m.size());
      for (usize i = 0; i < m.size(); ++i) REQUIRE(ring[i] == m[i]);
      REQUIRE(ring.front_run().size() <= m.size());
      REQUIRE(ring.front_run().empty() == m.empty());
    }
  }
}

TEST_CASE("RingBuffer owns its elements", "[ring_buffer]") {
  {
    RingBuffer<test::Tracked> ring(3);
    CHECK(ring.push(1));
    CHECK(ring.push(2));
    CHECK(ring.push(3));
    CHECK(!ring.push(4));
    CHECK(ring.pop()->v == 1);
    CHECK(ring.push(5));
    RingBuffer<test::Tracked> other(std::move(ring));
    CHECK(ring.empty());
    CHECK(other[2].v == 5);
    CHECK(ring.push(6));
    ring = std::move(other);
    ring = std::move(ring);
    CHECK(ring.size() == 3);
    CHECK_PANICS(ring[3]);
    ring.clear();
    CHECK(ring.push(7));
  }
  CHECK(test::Tracked::alive == 0);
}

TEST_CASE("RingBuffer of capacity 0 is always full and empty", "[ring_buffer]") {
  RingBuffer<u8> ring(0);
  CHECK(!ring.push(1));
  CHECK(!ring.pop().has_value());
  const u8 b[2] = {1, 2};
  CHECK(ring.write(b) == 0);
}
