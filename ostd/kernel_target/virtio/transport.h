// SPDX-License-Identifier: MPL-2.0
// Transport: the registers of one virtio device, whatever bus it is on, and the steps of bringing it up. Modern devices only.
#pragma once
#include <base/result.h>
#include <virtio/queue.h>

namespace ostd::target {

// Bits of the device's status [virtio1.2 2.1].
inline constexpr u8 kStatusAcknowledge = 1, kStatusDriver = 2, kStatusDriverOk = 4, kStatusFeaturesOk = 8, kStatusNeedsReset = 64,
                    kStatusFailed = 128;
inline constexpr u64 kFeatureVersion1 = 1ULL << 32;
inline constexpr u64 kFeatureAccessPlatform = 1ULL << 33;  // the device sees memory as the platform lets it; here: physical addresses

// All values that come from the device are whatever it likes.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  virtual ~Transport() = default;
  virtual u8 status() const = 0;
  virtual void set_status(u8 v) const = 0;  // 0: reset
  virtual u64 offered_features() const = 0;
  virtual void accept_features(u64 v) const = 0;
  virtual u16 queue_limit(u16 index) const = 0;  // requests that its queue can hold; 0: it has no such queue
  // After accept_features. not_supported: the device names no place to notify it.
  virtual Status start_queue(u16 index, const Queue& queue) = 0;
  virtual void notify(u16 index) const = 0;
  virtual void write_config(u32 offset, u32 v) const = 0;  // the device's own part; ignored where it has none
  virtual u32 line() const = 0;  // its interrupt, to be claimed
  virtual void acknowledge() const = 0;  // from that interrupt's callback
};

// Resets the device and agrees on features: `wanted` of those offered, and VERSION_1 [virtio1.2 3.1.1]. The features agreed on.
// timed_out: it does not reset; not_supported: it is not modern, or does not agree.
Result<u64> negotiate(const Transport& device, u64 wanted);
// After the queues have been started: the device may use them.
void start_device(const Transport& device);
// The device shall leave memory alone. False: it did not say that it does.
bool stop_device(const Transport& device);

}  // namespace ostd::target
