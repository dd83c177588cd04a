// SPDX-License-Identifier: MPL-2.0
#include <irq/msi.h>
#include <virtio/pci.h>

namespace ostd::target {

namespace {
// [virtio1.2 4.1.4.3]
enum Common : u32 {
  kOfferedSelect = 0, kOffered = 4, kAcceptedSelect = 8, kAccepted = 12, kConfigVector = 16, kStatus = 20, kQueueSelect = 22,
  kQueueSize = 24, kQueueVector = 26, kQueueEnable = 28, kQueueNotify = 30, kDescriptors = 32, kAvailable = 40, kUsed = 48,
};

constinit PciFunction functions[16]{};
constinit usize function_count = 0;

// A part of a device's memory, inside what its base address register claims.
Opt<DeviceMemory> map_part(const PciFunction& f, const BarPart& part) {
  const PciBar& bar = f.memory.bars[part.bar];
  if (part.offset > bar.size || part.length > bar.size - part.offset) return {};
  return DeviceMemory::map(bar.address + part.offset, part.length);
}

struct ConfigSpace {
  explicit ConfigSpace(PciAddress at) {
    for (u32 i = 0; i < sizeof bytes; i += 4) {
      const u32 v = pci_read(at, static_cast<u8>(i));
      __builtin_memcpy(bytes + i, &v, sizeof v);
    }
  }
  operator Bytes() const { return Bytes(std::span<const u8>(bytes)); }
  u8 bytes[256];
};
}  // namespace

void survey_virtio_pci() {
  pci_find([](PciAddress at) {
    if ((pci_read(at, 0) & 0xffff) != kVirtioVendor) return false;
    if (const Opt<u32> type = virtio_type(ConfigSpace(at))) functions[function_count++] = {at, *type, pci_bars(at)};
    return function_count == std::size(functions);
  });
}
std::span<const PciFunction> virtio_pci_functions() { return {functions, function_count}; }

Result<Own<Transport>> PciTransport::open(const PciFunction& f) {
  const PciAddress at = f.at;
  const Opt<PciLayout> layout = decode_pci(ConfigSpace(at));
  if (!layout) return Errc::not_supported;
  const Opt<DeviceMemory> common = map_part(f, layout->common), notify = map_part(f, layout->notify);
  const Opt<DeviceMemory> table = map_part(f, layout->msix_table);
  if (!common || !notify || !table) return Errc::not_supported;
  pci_enable(at);
  // [pci3 6.8.2.3] Message control is the upper half: enable (bit 31), all masked (bit 30).
  const u32 control = pci_read(at, layout->msix);
  pci_write(at, layout->msix, control | 1U << 31 | 1U << 30);
  const Opt<u32> line = msi_add(*table, 0);
  if (!line) return Errc::not_supported;
  pci_write(at, layout->msix, (control | 1U << 31) & ~(1U << 30));
  const Opt<DeviceMemory> device = layout->device.length == 0 ? Opt<DeviceMemory>() : map_part(f, layout->device);
  return Own<Transport>(new PciTransport(*common, *notify, device, layout->notify_multiplier, *line));
}

u8 PciTransport::status() const { return common_.read<u8>(kStatus); }
void PciTransport::set_status(u8 v) const { common_.write<u8>(kStatus, v); }

u64 PciTransport::offered_features() const {
  common_.write<u32>(kOfferedSelect, 0);
  const u64 low = common_.read<u32>(kOffered);
  common_.write<u32>(kOfferedSelect, 1);
  return low | static_cast<u64>(common_.read<u32>(kOffered)) << 32;
}
void PciTransport::accept_features(u64 v) const {
  for (u32 half = 0; half < 2; ++half) {
    common_.write<u32>(kAcceptedSelect, half);
    common_.write<u32>(kAccepted, static_cast<u32>(v >> 32 * half));
  }
}

u16 PciTransport::queue_limit(u16 index) const {
  if (index >= kQueues) return 0;
  common_.write<u16>(kQueueSelect, index);
  return common_.read<u16>(kQueueSize);
}

Status PciTransport::start_queue(u16 index, const Queue& queue) {
  OSTD_CHECK(index < kQueues);
  common_.write<u16>(kConfigVector, 0);
  common_.write<u16>(kQueueSelect, index);
  const u64 notify = u64{common_.read<u16>(kQueueNotify)} * multiplier_;
  if (notify % 2 != 0 || notify_.size() < 2 || notify > notify_.size() - 2) return Err(Errc::not_supported);
  notify_at_[index] = static_cast<u32>(notify);
  common_.write<u16>(kQueueSize, queue.size());
  common_.write<u16>(kQueueVector, 0);
  // [virtio1.2 4.1.5.1.2.2] It reads back 0xffff when the device has no room for it.
  if (common_.read<u16>(kQueueVector) != 0) return Err(Errc::not_supported);
  const auto put = [&](u32 at, u64 address) {
    common_.write<u32>(at, static_cast<u32>(address));
    common_.write<u32>(at + 4, static_cast<u32>(address >> 32));
  };
  const QueueAddresses a = queue.addresses();
  put(kDescriptors, a.descriptors);
  put(kAvailable, a.available);
  put(kUsed, a.used);
  common_.write<u16>(kQueueEnable, 1);
  return Ok();
}

void PciTransport::notify(u16 index) const { notify_.write<u16>(notify_at_[index], index); }
void PciTransport::write_config(u32 offset, u32 v) const {
  if (device_ && offset % 4 == 0 && offset <= device_->size() && sizeof v <= device_->size() - offset) device_->write<u32>(offset, v);
}

}  // namespace ostd::target
