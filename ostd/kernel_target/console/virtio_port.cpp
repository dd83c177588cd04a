// SPDX-License-Identifier: MPL-2.0
#include <console/virtio_port.h>

namespace ostd::target {

namespace {
constexpr u64 kFeatureEmergencyWrite = 1 << 2;  // VIRTIO_CONSOLE_F_EMERG_WRITE
}  // namespace

VirtioPort::VirtioPort(Transport& device, DmaMemory memory) : device_(device), memory_(memory) {
  OSTD_CHECK(memory.size() >= kMemory);
}

Status VirtioPort::start() {
  const u64 agreed = TRY(negotiate(device_, kFeatureEmergencyWrite));
  const auto open = [&](u16 index, Queue& queue, DmaMemory ring, u16 size, Queue::Interrupts interrupts) -> Status {
    const u16 limit = device_.queue_limit(index);
    if (limit == 0) return Err(Errc::no_device);
    while (size > limit) size /= 2;
    queue.open(ring, size, interrupts);
    return device_.start_queue(index, queue);
  };
  TRY(open(kReceiveQueue, receiver_, memory_.part(0, kSenderRing), kReceiveBuffers, Queue::Interrupts::wanted));
  TRY(open(kSendQueue, sender_, memory_.part(kSenderRing, kReceiveArea - kSenderRing), kSendBuffers, Queue::Interrupts::unwanted));
  start_device(device_);
  for (u16 id = 0; id < receiver_.size(); ++id) offer_for_input(id);
  if (receiver_.must_notify()) device_.notify(kReceiveQueue);
  emergency_ = (agreed & kFeatureEmergencyWrite) != 0;
  return Ok();
}

void VirtioPort::offer_for_input(u16 id) {
  receiver_.offer(id, memory_.bus() + kReceiveArea + kBuffer * id, kBuffer, Queue::Access::device_writes);
}

Result<usize> VirtioPort::send(std::span<const u8> bytes) {
  while (TRY(sender_.take())) {}
  usize sent = 0;
  while (sent < bytes.size()) {
    const Opt<u16> id = sender_.free_request();
    if (!id) break;
    const usize n = bytes.size() - sent < kBuffer ? bytes.size() - sent : kBuffer;
    const usize at = kSendArea + kBuffer * *id;
    memory_.write(at, bytes.subspan(sent, n));
    sender_.offer(*id, memory_.bus() + at, static_cast<u32>(n), Queue::Access::device_reads);
    sent += n;
  }
  if (sent != 0 && sender_.must_notify()) device_.notify(kSendQueue);
  return sent;
}

Result<Opt<usize>> VirtioPort::receive(std::span<u8, kBuffer> to) {
  const Opt<Queue::Done> done = TRY(receiver_.take());
  if (!done) {
    if (device_.status() & kStatusNeedsReset) return Errc::io;
    return Opt<usize>();
  }
  // take() has seen to it that the length is not more than a buffer has.
  memory_.read(kReceiveArea + kBuffer * done->id, to.first(done->length));
  offer_for_input(done->id);
  if (receiver_.must_notify()) device_.notify(kReceiveQueue);
  return Opt<usize>(usize{done->length});
}

}  // namespace ostd::target
