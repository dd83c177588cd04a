// SPDX-License-Identifier: MPL-2.0
// Split virtqueue [virtio1.2 2.7]: descriptor table, available ring {flags, index, ids}, used ring {flags, index, {id, length}}.
#include <base/checked.h>
#include <common/fence.h>
#include <virtio/queue.h>

namespace ostd::target {

namespace {
constexpr u16 kDeviceWrites = 2;       // VIRTQ_DESC_F_WRITE
constexpr u16 kNoInterrupt = 1;        // VIRTQ_AVAIL_F_NO_INTERRUPT
constexpr u16 kNoNotify = 1;           // VIRTQ_USED_F_NO_NOTIFY
}  // namespace

void Queue::open(DmaMemory memory, u16 size, Interrupts interrupts) {
  OSTD_CHECK(size_ == 0 && size != 0 && size <= kMaxSize && (size & (size - 1)) == 0 && memory.size() >= bytes(size));
  memory_ = memory;
  size_ = size;
  if (interrupts == Interrupts::unwanted) memory_.store<u16>(available_at(size_), kNoInterrupt);
}

QueueAddresses Queue::addresses() const {
  return {memory_.bus(), memory_.bus() + available_at(size_), memory_.bus() + used_at(size_)};
}

Opt<u16> Queue::free_request() const {
  const u64 free = ~in_flight_;
  const u16 id = free == 0 ? size_ : static_cast<u16>(__builtin_ctzll(free));
  return id < size_ ? Opt<u16>(id) : Opt<u16>();
}

void Queue::offer(u16 id, u64 bus, u32 length, Access access) {
  OSTD_CHECK(id < size_ && !(in_flight_ >> id & 1) && "request is free");
  in_flight_ |= 1ULL << id;
  ++in_flight_count_;
  writable_[id] = access == Access::device_writes ? length : 0;
  const usize descriptor = usize{16} * id;
  memory_.store<u64>(descriptor, bus);
  memory_.store<u32>(descriptor + 8, length);
  memory_.store<u16>(descriptor + 12, access == Access::device_writes ? kDeviceWrites : u16{0});
  memory_.store<u16>(descriptor + 14, 0);  // no next one
  const u16 at = offered_.load(Order::relaxed), next = wrapping_add(at, 1);
  memory_.store<u16>(available_at(size_) + 4 + 2 * (at % size_), id);
  // release: the device sees the buffer, the descriptor and the ring's entry before the index [virtio1.2 2.7.13.3].
  memory_.store<u16>(available_at(size_) + 2, next, Order::release);
  offered_.store(next, Order::release);
}

bool Queue::must_notify() const {
  common::full_fence();  // the index before the flag is read [virtio1.2 2.7.13.4.1]
  return !(memory_.load<u16>(used_at(size_)) & kNoNotify);
}

Result<Opt<Queue::Done>> Queue::take() {
  if (broken_) return Errc::protocol_error;
  broken_ = true;  // unless all is well
  // acquire: what the device wrote before the index is seen.
  const u16 ready = wrapping_sub(memory_.load<u16>(used_at(size_) + 2, Order::acquire), seen_);
  if (ready > in_flight_count_) return Errc::protocol_error;
  if (ready == 0) {
    broken_ = false;
    return Opt<Done>();
  }
  const usize entry = used_at(size_) + 4 + usize{8} * (seen_ % size_);
  const u32 id = memory_.load<u32>(entry), length = memory_.load<u32>(entry + 4);
  if (id >= size_ || !(in_flight_ >> id & 1)) return Errc::protocol_error;
  // Of a buffer that the device only reads the length means nothing, and devices differ in what they put there.
  if (writable_[id] != 0 && length > writable_[id]) return Errc::protocol_error;
  in_flight_ &= ~(1ULL << id);
  --in_flight_count_;
  seen_ = wrapping_add(seen_, 1);
  broken_ = false;
  return Opt<Done>(Done{static_cast<u16>(id), writable_[id] != 0 ? length : 0});
}

bool Queue::idle() const { return memory_.load<u16>(used_at(size_) + 2, Order::acquire) == offered_.load(Order::acquire); }

}  // namespace ostd::target
