// SPDX-License-Identifier: MPL-2.0
#include <base/ring_buffer.h>
#include <unit.h>

using namespace ostd;

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
