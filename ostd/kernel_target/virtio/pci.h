// SPDX-License-Identifier: MPL-2.0
// virtio over PCI [virtio1.2 4.1], modern registers, one MSI-X interrupt for all it has to say.
#pragma once
#include <base/own.h>
#include <mem/device_memory.h>
#include <pci/config.h>
#include <virtio/pci_layout.h>
#include <virtio/transport.h>

namespace ostd::target {

// A virtio function and where its memory is.
struct PciFunction { PciAddress at; u32 type = 0; PciBars memory; };

class PciTransport final : public Transport {
 public:
  // not_supported: a legacy device, without MSI-X, or its registers are nowhere.
  static Result<Own<Transport>> open(const PciFunction& function);

  u8 status() const override;
  void set_status(u8 v) const override;
  u64 offered_features() const override;
  void accept_features(u64 v) const override;
  u16 queue_limit(u16 index) const override;
  Status start_queue(u16 index, const Queue& queue) override;
  void notify(u16 index) const override;
  void write_config(u32 offset, u32 v) const override;
  u32 line() const override { return line_; }
  void acknowledge() const override {}  // a message is gone when it has come

 private:
  static constexpr u32 kQueues = 2;
  PciTransport(DeviceMemory common, DeviceMemory notify, Opt<DeviceMemory> device, u32 multiplier, u32 line)
      : common_(common), notify_(notify), device_(device), multiplier_(multiplier), line_(line) {}
  DeviceMemory common_, notify_;
  Opt<DeviceMemory> device_;
  u32 multiplier_;
  u32 line_;
  u32 notify_at_[kQueues]{};  // where in notify_
};

// Looks for virtio functions. Boot CPU, before the others run.
void survey_virtio_pci();
std::span<const PciFunction> virtio_pci_functions();

}  // namespace ostd::target
