// SPDX-License-Identifier: MPL-2.0
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <virtio_device.h>

namespace fake {
using namespace ostd;

SharedMemory::SharedMemory(usize size) : at_(static_cast<u8*>(std::aligned_alloc(4096, (size + 4095) & ~usize{4095}))), size_(size) {
  std::memset(at_, 0, size);
}
SharedMemory::~SharedMemory() { std::free(at_); }

u8* SharedMemory::at_bus(u64 address, usize size) {
  if (address < kBus || address - kBus > size_ || size > size_ - (address - kBus)) throw std::out_of_range("bus address");
  return at_ + (address - kBus);
}

bool DeviceQueue::take(Request& to) {
  const u16 index = memory->word<u16>(at.available + 2);
  if (index == taken) return false;
  to.id = memory->word<u16>(at.available + 4 + 2U * (taken % size));
  taken = static_cast<u16>((taken + 1U) & 0xffff);
  const u64 descriptor = at.descriptors + 16U * to.id;
  to.address = memory->word<u64>(descriptor);
  to.length = memory->word<u32>(descriptor + 8);
  to.device_writes = (memory->word<u16>(descriptor + 12) & 2) != 0;
  return true;
}

void DeviceQueue::finish(u32 id, u32 length) {
  const u64 entry = at.used + 4 + 8U * (used % size);
  memory->word<u32>(entry) = id;
  memory->word<u32>(entry + 4) = length;
  used = static_cast<u16>((used + 1U) & 0xffff);
  set_used_index(used);
}

void VirtioDevice::set_status(u8 v) const {
  if (v == 0) ++resets;
  status_ = refuses_features ? static_cast<u8>(v & ~8) : v;
}

Status VirtioDevice::start_queue(u16 index, const target::Queue& queue) {
  queues[index].at = queue.addresses();
  queues[index].size = queue.size();
  return Ok();
}

void VirtioDevice::write_config(u32 offset, u32 v) const {
  if (offset == 8) emergency += static_cast<char>(v);
}

bool VirtioDevice::type(std::string_view text) {
  Request r;
  if (!queues[0].take(r)) return false;
  if (!r.device_writes || text.size() > r.length) throw std::logic_error("no buffer for this");
  std::memcpy(queues[0].memory->at_bus(r.address, text.size()), text.data(), text.size());
  queues[0].finish(r.id, static_cast<u32>(text.size()));
  return true;
}

std::string VirtioDevice::sent() {
  std::string text;
  for (Request r; queues[1].take(r); queues[1].finish(r.id, 0)) {
    if (r.device_writes) throw std::logic_error("output that the device shall write");
    text.append(reinterpret_cast<const char*>(queues[1].memory->at_bus(r.address, r.length)), r.length);
  }
  return text;
}

}  // namespace fake
