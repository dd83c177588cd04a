// SPDX-License-Identifier: MPL-2.0
// A fake virtio device with memory of its own: behaves as the specification says, or lies as a test wants it to.
#pragma once
#include <string>
#include <vector>
#include <virtio/transport.h>

namespace fake {

// Memory that a driver shares with the device. The bus calls it something else than we do, so that mistaking one for the other shows.
class SharedMemory {
 public:
  explicit SharedMemory(ostd::usize size);
  ~SharedMemory();
  SharedMemory(const SharedMemory&) = delete;
  ostd::target::DmaMemory driver_view() { return {at_, size_, kBus}; }
  // The device's side. Throws when the address is not in the memory: the driver gave the device something that is not the device's.
  ostd::u8* at_bus(ostd::u64 address, ostd::usize size);
  template <class T> T& word(ostd::u64 address) { return *reinterpret_cast<T*>(at_bus(address, sizeof(T))); }

  static constexpr ostd::u64 kBus = 0x7'1234'0000;

 private:
  ostd::u8* at_;
  ostd::usize size_;
};

struct Request { ostd::u16 id; ostd::u64 address; ostd::u32 length; bool device_writes; };

// The device's side of one queue.
struct DeviceQueue {
  SharedMemory* memory = nullptr;
  ostd::target::QueueAddresses at{};
  ostd::u16 size = 0;
  ostd::u16 taken = 0, used = 0;
  // The next request the driver has offered; false: none.
  bool take(Request& to);
  void finish(ostd::u32 id, ostd::u32 length);
  // Lies: the index alone, an entry alone.
  void set_used_index(ostd::u16 v) { memory->word<ostd::u16>(at.used + 2) = v; }
  ostd::u16 driver_flags() { return memory->word<ostd::u16>(at.available); }
  void want_no_notify() { memory->word<ostd::u16>(at.used) = 1; }
};

class VirtioDevice final : public ostd::target::Transport {
 public:
  explicit VirtioDevice(SharedMemory& m) { queues[0].memory = queues[1].memory = &m; }

  ostd::u8 status() const override { return never_resets && status_ == 0 ? ostd::u8{1} : status_; }
  void set_status(ostd::u8 v) const override;
  ostd::u64 offered_features() const override { return offered; }
  void accept_features(ostd::u64 v) const override { accepted = v; }
  ostd::u16 queue_limit(ostd::u16 index) const override { return limits[index]; }
  ostd::Status start_queue(ostd::u16 index, const ostd::target::Queue& queue) override;
  void notify(ostd::u16 index) const override { ++notified[index]; }
  void write_config(ostd::u32 offset, ostd::u32 v) const override;
  ostd::u32 line() const override { return 0; }
  void acknowledge() const override {}

  // As a console. type: false when the driver has no buffer out.
  bool type(std::string_view text);
  // What the driver has sent since the last call; its requests are finished.
  std::string sent();
  bool running() const { return (status_ & 4) != 0; }

  DeviceQueue queues[2];
  ostd::u64 offered = 1ULL << 32 | 1 << 2 | 1 << 1;
  ostd::u16 limits[2] = {256, 256};
  bool refuses_features = false, never_resets = false;
  mutable ostd::u64 accepted = 0;
  mutable ostd::u32 notified[2] = {0, 0};
  mutable ostd::u32 resets = 0;
  mutable std::string emergency;
  mutable ostd::u8 status_ = 0;
};

}  // namespace fake
