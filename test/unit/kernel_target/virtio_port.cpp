// SPDX-License-Identifier: MPL-2.0
// Port 0 of a virtio console on a fake device.
#include <console/virtio_port.h>
#include <unit.h>
#include <virtio_device.h>

using namespace ostd;
using namespace ostd::target;

namespace {
std::span<const u8> bytes(std::string_view s) { return {reinterpret_cast<const u8*>(s.data()), s.size()}; }

struct Fixture {
  fake::SharedMemory shared{VirtioPort::kMemory};
  fake::VirtioDevice device{shared};
  VirtioPort port{device, shared.driver_view()};
  // What came; "-": nothing; "error".
  std::string receive() {
    u8 to[VirtioPort::kBuffer];
    const Result<Opt<usize>> n = port.receive(to);
    if (!n.ok()) return "error";
    return n.value() ? std::string(reinterpret_cast<const char*>(to), *n.value()) : "-";
  }
};
}  // namespace

TEST_CASE("a console is brought up in the order that the specification asks for") {
  Fixture f;
  REQUIRE(f.port.start().ok());
  CHECK(f.device.resets == 1);
  CHECK(f.device.running());
  CHECK(f.device.accepted == (1ULL << 32 | 1 << 2));  // not the multiport feature that it offered
  CHECK(f.device.notified[0] == 1);
  CHECK(f.device.queues[0].driver_flags() == 0);
  CHECK(f.device.queues[1].driver_flags() == 1);
}

TEST_CASE("a console that is legacy, disagrees, has no queue or never resets is not started") {
  Fixture f;
  Errc expected = Errc::not_supported;
  switch (GENERATE(0, 1, 2, 3)) {
    case 0: f.device.offered = 4; break;
    case 1: f.device.refuses_features = true; break;
    case 2: f.device.limits[1] = 0; expected = Errc::no_device; break;
    case 3: f.device.never_resets = true; expected = Errc::timed_out; break;
  }
  const Status s = f.port.start();
  REQUIRE(!s.ok());
  CHECK(s.error() == expected);
  CHECK(!f.device.running());
}

TEST_CASE("a console with short queues is used with short queues") {
  Fixture f;
  f.device.limits[0] = 5;
  f.device.limits[1] = 1;
  REQUIRE(f.port.start().ok());
  CHECK(f.device.queues[0].size == 4);
  CHECK(f.device.queues[1].size == 1);
  const std::string text(600, 'x');
  CHECK(f.port.send(bytes(text)).value() == VirtioPort::kBuffer);
  CHECK(f.port.send(bytes(text)).value() == 0);
  CHECK(f.device.sent() == text.substr(0, VirtioPort::kBuffer));
}

TEST_CASE("output arrives whole and in order, as much as there is room for") {
  Fixture f;
  REQUIRE(f.port.start().ok());
  CHECK(f.port.all_sent());
  std::string text;
  for (u32 i = 0; i < 20'000; ++i) text += static_cast<char>('a' + i % 23);
  usize at = 0;
  std::string got;
  while (at < text.size()) {
    const usize n = f.port.send(bytes(text).subspan(at)).value();
    CHECK(!f.port.all_sent());
    CHECK(n <= VirtioPort::kBuffer * VirtioPort::kSendBuffers);
    if (text.size() - at > n) CHECK(f.port.send(bytes(text).subspan(at + n)).value() == 0);
    at += n;
    got += f.device.sent();
    CHECK(f.port.all_sent());
  }
  CHECK(got == text);
}

TEST_CASE("input arrives, and its buffers are offered again and again") {
  Fixture f;
  REQUIRE(f.port.start().ok());
  CHECK(f.receive() == "-");
  for (u32 round = 0; round < 100; ++round) {
    const std::string line = "line " + std::to_string(round);
    REQUIRE(f.device.type(line));
    REQUIRE(f.device.type(""));
    CHECK(f.receive() == line);
    CHECK(f.receive().empty());
    CHECK(f.receive() == "-");
  }
  const std::string longest(VirtioPort::kBuffer, 'y');
  u32 taken = 0;
  while (f.device.type(longest)) ++taken;
  CHECK(taken == VirtioPort::kReceiveBuffers);
  for (u32 i = 0; i < taken; ++i) CHECK(f.receive() == longest);
}

TEST_CASE("a console that lies about input is found out, and stays so") {
  Fixture f;
  REQUIRE(f.port.start().ok());
  fake::Request r;
  REQUIRE(f.device.queues[0].take(r));
  switch (GENERATE(0, 1, 2)) {
    case 0: f.device.queues[0].finish(r.id, VirtioPort::kBuffer + 1); break;
    case 1: f.device.queues[0].finish(VirtioPort::kReceiveBuffers, 1); break;
    case 2: f.device.queues[0].set_used_index(VirtioPort::kReceiveBuffers + 1); break;
  }
  CHECK(f.receive() == "error");
  CHECK(f.receive() == "error");
  CHECK(f.port.send(bytes("x")).ok());  // the other queue does not know
}

TEST_CASE("a console that lies about output is found out") {
  Fixture f;
  REQUIRE(f.port.start().ok());
  CHECK(f.port.send(bytes("hello")).value() == 5);
  if (GENERATE(true, false)) f.device.queues[1].finish(9, 0);
  else f.device.queues[1].set_used_index(2);
  const Result<usize> n = f.port.send(bytes("more"));
  REQUIRE(!n.ok());
  CHECK(n.error() == Errc::protocol_error);
  CHECK(f.device.queues[1].memory->word<u16>(f.device.queues[1].at.available + 2) == 1);  // nothing more was given to it
}

TEST_CASE("a console that says it is broken is given up") {
  Fixture f;
  REQUIRE(f.port.start().ok());
  f.device.status_ |= 64;
  CHECK(f.receive() == "error");
}

TEST_CASE("emergency writes go past the queues, if the device has them") {
  Fixture f;
  const bool has = GENERATE(true, false);
  if (!has) f.device.offered &= ~4ULL;
  REQUIRE(f.port.start().ok());
  CHECK(f.port.has_emergency() == has);
  if (!has) return;
  for (const char c : std::string_view("panic")) f.port.emergency(static_cast<u8>(c));
  CHECK(f.device.emergency == "panic");
  CHECK(f.device.sent().empty());
}
