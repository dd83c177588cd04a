// SPDX-License-Identifier: MPL-2.0
// Queue: the driver's side of a split virtqueue [virtio1.2 2.7], for drivers whose requests are single buffers: request `id` uses
// descriptor `id`. No hardware in it: the unit tests run it against a device that lies.
//
// The device may write to all of the memory at any time. So nothing is ever read back from descriptors or the available ring; what
// is in flight is kept in private memory; and an answer that does not fit to it ends the queue: take() then always fails.
#pragma once
#include <base/opt.h>
#include <base/result.h>
#include <virtio/dma.h>

namespace ostd::target {

// Bus addresses of the three parts.
struct QueueAddresses { u64 descriptors = 0, available = 0, used = 0; };

class Queue {
 public:
  static constexpr u16 kMaxSize = 64;
  // Bytes of shared memory for a queue of so many requests.
  static constexpr usize bytes(u16 size) { return used_at(size) + 6 + usize{8} * size; }

  enum class Interrupts : u8 { wanted, unwanted };
  Queue() = default;
  Queue(const Queue&) = delete;
  // Before all else, once. Requires: size is a power of two, at most kMaxSize; the memory has bytes(size), all zero.
  void open(DmaMemory memory, u16 size, Interrupts interrupts);

  u16 size() const { return size_; }
  QueueAddresses addresses() const;
  // A request that is not in flight, if there is one.
  Opt<u16> free_request() const;

  enum class Access : u8 { device_reads, device_writes };
  // Gives the device request `id`, a buffer at bus address `bus`. Requires: `id` is free (checked).
  void offer(u16 id, u64 bus, u32 length, Access access);
  // Whether the device wants to be told of what was offered since the last call.
  bool must_notify() const;

  // length: bytes that the device has written; not more than the buffer has.
  struct Done { u16 id = 0; u32 length = 0; };
  // The next request that the device is done with; nothing when there is none. protocol_error: the device lies, now or before.
  Result<Opt<Done>> take();
  // Whether the device has used everything that was offered. Reads only: safe beside the other calls.
  bool idle() const;

 private:
  static constexpr usize available_at(u16 size) { return usize{16} * size; }
  static constexpr usize used_at(u16 size) { return (available_at(size) + 6 + usize{2} * size + 3) & ~usize{3}; }

  DmaMemory memory_;
  u16 size_ = 0;
  bool broken_ = false;
  u64 in_flight_ = 0;           // bit i: the device has request i
  u16 in_flight_count_ = 0;
  u16 seen_ = 0;                // used entries taken, modulo 2^16
  Atomic<u16> offered_{0};      // requests ever offered, modulo 2^16
  u32 writable_[kMaxSize]{};    // what the device may write into request i
};

}  // namespace ostd::target
