// SPDX-License-Identifier: MPL-2.0
#include <irq/ioapic.h>
#include <virtio/mmio.h>

namespace ostd::target {

namespace {
// [virtio1.2 4.2.2]
enum Register : u32 {
  kMagic = 0x00, kVersion = 0x04, kType = 0x08, kOffered = 0x10, kOfferedSelect = 0x14, kAccepted = 0x20, kAcceptedSelect = 0x24,
  kQueueSelect = 0x30, kQueueMost = 0x34, kQueueSize = 0x38, kQueueReady = 0x44, kNotify = 0x50, kInterrupt = 0x60,
  kInterruptDone = 0x64, kStatus = 0x70, kDescriptors = 0x80, kAvailable = 0x90, kUsed = 0xa0, kConfig = 0x100,
};
constexpr u32 kMagicValue = 0x74726976;  // "virt"
}  // namespace

Opt<Own<Transport>> MmioTransport::open(const MmioPlace& place, u32 type, bool& legacy) {
  if (place.size < kConfig || !io_apic_has(place.line)) return {};
  const Opt<DeviceMemory> r = DeviceMemory::map(place.address, place.size);
  if (!r || r->read<u32>(kMagic) != kMagicValue || r->read<u32>(kType) != type) return {};
  if (r->read<u32>(kVersion) != 2) {
    legacy = true;
    return {};
  }
  return Opt<Own<Transport>>(Own<Transport>(new MmioTransport(*r, place.line)));
}

u8 MmioTransport::status() const { return static_cast<u8>(registers_.read<u32>(kStatus)); }
void MmioTransport::set_status(u8 v) const { registers_.write<u32>(kStatus, v); }

u64 MmioTransport::offered_features() const {
  registers_.write<u32>(kOfferedSelect, 0);
  const u64 low = registers_.read<u32>(kOffered);
  registers_.write<u32>(kOfferedSelect, 1);
  return low | static_cast<u64>(registers_.read<u32>(kOffered)) << 32;
}
void MmioTransport::accept_features(u64 v) const {
  for (u32 half = 0; half < 2; ++half) {
    registers_.write<u32>(kAcceptedSelect, half);
    registers_.write<u32>(kAccepted, static_cast<u32>(v >> 32 * half));
  }
}

u16 MmioTransport::queue_limit(u16 index) const {
  registers_.write<u32>(kQueueSelect, index);
  const u32 most = registers_.read<u32>(kQueueMost);
  return most > 0x8000 ? u16{0x8000} : static_cast<u16>(most);
}
Status MmioTransport::start_queue(u16 index, const Queue& queue) {
  registers_.write<u32>(kQueueSelect, index);
  registers_.write<u32>(kQueueSize, queue.size());
  const auto put = [&](u32 at, u64 address) {
    registers_.write<u32>(at, static_cast<u32>(address));
    registers_.write<u32>(at + 4, static_cast<u32>(address >> 32));
  };
  const QueueAddresses a = queue.addresses();
  put(kDescriptors, a.descriptors);
  put(kAvailable, a.available);
  put(kUsed, a.used);
  registers_.write<u32>(kQueueReady, 1);
  return Ok();
}
void MmioTransport::notify(u16 index) const { registers_.write<u32>(kNotify, index); }
void MmioTransport::write_config(u32 offset, u32 v) const {
  if (offset <= registers_.size() - kConfig && sizeof v <= registers_.size() - kConfig - offset) registers_.write<u32>(kConfig + offset, v);
}

void MmioTransport::acknowledge() const {
  // Until there is no reason left: an edge-triggered line is only seen to rise once it has been low. A device that always has one
  // more is left alone after some.
  for (u32 i = 0; i < 16; ++i) {
    const u32 reasons = registers_.read<u32>(kInterrupt);
    if (reasons == 0) return;
    registers_.write<u32>(kInterruptDone, reasons);
  }
}

}  // namespace ostd::target
