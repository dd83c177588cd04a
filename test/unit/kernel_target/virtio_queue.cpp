// SPDX-License-Identifier: MPL-2.0
// The driver's side of a virtqueue against a device that behaves, and against one that lies.
#include <unit.h>
#include <virtio_device.h>

using namespace ostd;
using namespace ostd::target;

namespace {
struct Fixture {
  static constexpr u16 kSize = 8;
  explicit Fixture(Queue::Interrupts interrupts = Queue::Interrupts::wanted) {
    queue.open(shared.driver_view(), kSize, interrupts);
    device.memory = &shared;
    device.at = queue.addresses();
    device.size = kSize;
  }
  static u64 buffer(u16 id) { return fake::SharedMemory::kBus + 4096 + 64U * id; }
  void offer(u16 id, Queue::Access access = Queue::Access::device_writes) { queue.offer(id, buffer(id), 64, access); }
  bool lies() {
    const auto r = queue.take();
    return !r.ok() && r.error() == Errc::protocol_error;
  }
  fake::SharedMemory shared{8192};
  Queue queue;
  fake::DeviceQueue device;
};
}  // namespace

TEST_CASE("a request reaches the device and comes back, also after the indices have gone round") {
  Fixture f;
  for (u32 round = 0; round < 70'000; ++round) {
    const u16 id = f.queue.free_request().value();
    f.offer(id);
    fake::Request r;
    REQUIRE(f.device.take(r));
    if (r.id != id || r.address != Fixture::buffer(id) || r.length != 64 || !r.device_writes) FAIL("round " << round);
    if (f.queue.idle()) FAIL("idle in round " << round);
    f.device.finish(r.id, round % 65);
    const auto done = f.queue.take();
    if (!done.ok() || !done.value() || done.value()->id != id || done.value()->length != round % 65) FAIL("round " << round);
    if (!f.queue.idle() || f.queue.take().value()) FAIL("more in round " << round);
  }
}

TEST_CASE("a queue holds as many requests as it is long, done in any order") {
  Fixture f;
  for (u16 i = 0; i < Fixture::kSize; ++i) f.offer(f.queue.free_request().value());
  CHECK(!f.queue.free_request());
  fake::Request r;
  while (f.device.take(r)) {}
  for (const u16 id : {5, 0, 7}) f.device.finish(id, 1);
  for (const u16 id : {5, 0, 7}) CHECK(f.queue.take().value()->id == id);
  CHECK(f.queue.free_request().value() == 0);
}

TEST_CASE("the device is told what it shall not write, and whether interrupts are wanted") {
  Fixture f(Queue::Interrupts::unwanted);
  CHECK(f.device.driver_flags() == 1);
  f.offer(3, Queue::Access::device_reads);
  fake::Request r;
  REQUIRE(f.device.take(r));
  CHECK(!r.device_writes);
  CHECK(f.queue.must_notify());
  f.device.want_no_notify();
  CHECK(!f.queue.must_notify());
  f.device.finish(3, 0xffffffff);  // of a buffer that it only reads the length means nothing
  CHECK(f.queue.take().value()->length == 0);
}

TEST_CASE("offering a request twice is a panic") {
  Fixture f;
  f.offer(2);
  CHECK_THROWS_AS(f.offer(2), test::Panic);
  CHECK_THROWS_AS(f.offer(Fixture::kSize), test::Panic);
}

TEST_CASE("a used index beyond what is in flight ends the queue") {
  Fixture f;
  f.offer(0);
  f.offer(1);
  f.device.set_used_index(GENERATE(as<u16>{}, 3, 8, 9, 0x8000, 0xffff));
  CHECK(f.lies());
  f.device.set_used_index(0);
  CHECK(f.lies());  // for good
}

TEST_CASE("an id that is no request, or none in flight, ends the queue") {
  Fixture f;
  f.offer(0);
  f.offer(1);
  const u32 id = GENERATE(as<u32>{}, 2, 7, 8, 64, 0x10000, 0x10001, 0xffffffff);
  f.device.finish(id, 1);
  CHECK(f.lies());
  CHECK(f.lies());
}

TEST_CASE("an id that is done twice ends the queue") {
  Fixture f;
  f.offer(0);
  f.offer(1);
  f.device.finish(1, 1);
  f.device.finish(1, 1);
  CHECK(f.queue.take().value()->id == 1);
  CHECK(f.lies());
}

TEST_CASE("a length beyond the buffer ends the queue") {
  Fixture f;
  f.offer(0);
  f.device.finish(0, GENERATE(as<u32>{}, 65, 4096, 0x80000000, 0xffffffff));
  CHECK(f.lies());
}

TEST_CASE("descriptors that the device has changed change nothing for the driver") {
  Fixture f;
  f.offer(0);
  f.shared.word<u32>(f.device.at.descriptors + 8) = 0xffffffff;
  f.device.finish(0, 65);
  CHECK(f.lies());
}

TEST_CASE("whatever the device writes into the shared memory, no request is made of nothing") {
  test::Rng rng(7);
  for (u32 round = 0; round < 3000; ++round) {
    Fixture f;
    u32 offered = 0, done = 0;
    for (u32 step = 0; step < 60; ++step) {
      if (const Opt<u16> id = f.queue.free_request(); id && rng.below(2) != 0) {
        f.offer(*id);
        ++offered;
      }
      // Mostly small numbers in the used ring, sometimes anything anywhere.
      if (rng.below(8) == 0) f.shared.word<u16>(fake::SharedMemory::kBus + 2 * rng.below(120)) = static_cast<u16>(rng.next());
      else if (rng.below(2) == 0) f.shared.word<u32>(f.device.at.used + 4 * (1 + rng.below(16))) = rng.below(9);
      else f.device.set_used_index(static_cast<u16>(done + rng.below(3)));
      const auto r = f.queue.take();
      if (!r.ok()) break;
      if (!r.value()) continue;
      ++done;
      if (r.value()->id >= Fixture::kSize || r.value()->length > 64 || done > offered) FAIL("round " << round << " step " << step);
    }
  }
}
