// SPDX-License-Identifier: MPL-2.0
// Port 0 of a virtio console device [virtio1.2 5.3]: bytes in, bytes out. Without hardware and locks: the unit tests run it on a
// fake transport. send() and receive() may run at the same time as each other, neither of them twice at a time.
#pragma once
#include <virtio/transport.h>

namespace ostd::target {

class VirtioPort {
 public:
  static constexpr u16 kReceiveBuffers = 16, kSendBuffers = 64;  // at most; fewer when the device holds fewer
  static constexpr usize kBuffer = 256;
  static constexpr usize kMemory = 32 * 1024;

  // Requires: `device` outlives the port; the memory has kMemory bytes, all zero.
  VirtioPort(Transport& device, DmaMemory memory);

  // Brings the device up, once. Errors: those of negotiate() and of Transport::start_queue; no_device: it lacks a queue.
  Status start();
  // How many of the bytes the device was given; 0: it has no room now. protocol_error: it lies and was stopped.
  Result<usize> send(std::span<const u8> bytes);
  // Whether it has taken all that was sent. Any context.
  bool all_sent() const { return sender_.idle(); }
  // Copies what came in one buffer and gives the buffer back; the number of bytes, nothing when none came. protocol_error: as above.
  // io: the device says that it is broken.
  Result<Opt<usize>> receive(std::span<u8, kBuffer> to);

  // One byte past the queues, where the device offers that: for panics [virtio1.2 5.3.4]. Any context, after start().
  bool has_emergency() const { return emergency_; }
  void emergency(u8 byte) const { device_.write_config(8, byte); }

  Transport& device() const { return device_; }

 private:
  static constexpr u16 kReceiveQueue = 0, kSendQueue = 1;
  static constexpr usize kSenderRing = 2048, kReceiveArea = 4096, kSendArea = 8192;  // offsets in the memory
  static_assert(Queue::bytes(kReceiveBuffers) <= kSenderRing && Queue::bytes(kSendBuffers) <= kReceiveArea - kSenderRing);
  static_assert(kReceiveArea + kBuffer * kReceiveBuffers <= kSendArea && kSendArea + kBuffer * kSendBuffers <= kMemory);
  void offer_for_input(u16 id);

  Transport& device_;
  DmaMemory memory_;
  Queue receiver_, sender_;
  bool emergency_ = false;
};

}  // namespace ostd::target
