// SPDX-License-Identifier: MPL-2.0
// virtio over memory-mapped registers [virtio1.2 4.2], as on QEMU's microvm.
#pragma once
#include <base/own.h>
#include <mem/device_memory.h>
#include <virtio/mmio_places.h>
#include <virtio/transport.h>

namespace ostd::target {

class MmioTransport final : public Transport {
 public:
  // The device there, if it is a modern one of this type and its interrupt can come. legacy is set where there is one that is not
  // modern.
  static Opt<Own<Transport>> open(const MmioPlace& place, u32 type, bool& legacy);

  u8 status() const override;
  void set_status(u8 v) const override;
  u64 offered_features() const override;
  void accept_features(u64 v) const override;
  u16 queue_limit(u16 index) const override;
  Status start_queue(u16 index, const Queue& queue) override;
  void notify(u16 index) const override;
  void write_config(u32 offset, u32 v) const override;
  u32 line() const override { return line_; }
  void acknowledge() const override;

 private:
  MmioTransport(DeviceMemory registers, u32 line) : registers_(registers), line_(line) {}
  DeviceMemory registers_;
  u32 line_;
};

}  // namespace ostd::target
