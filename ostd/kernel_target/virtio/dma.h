// SPDX-License-Identifier: MPL-2.0
// DmaMemory: memory that a device reads and writes at the same time as we do. It holds no C++ objects: each access is one load or
// store of an integer, or a copy of bytes, inside its bounds. What was loaded twice may differ.
#pragma once
#include <base/annotations.h>
#include <base/atomic.h>
#include <base/trap.h>
#include <base/types.h>
#include <concepts>
#include <span>

namespace ostd::target {

class DmaMemory {
 public:
  DmaMemory() = default;
  // Requires: [at, at+size) is only used through such objects from now on, for as long as the device may reach it; the device sees
  // it at `bus`; both are aligned to 16 bytes.
  OSTD_UNSAFE DmaMemory(u8* at, usize size, u64 bus) : at_(at), size_(size), bus_(bus) {}

  usize size() const { return size_; }
  u64 bus() const { return bus_; }  // what the device calls it
  DmaMemory part(usize offset, usize size) const {
    OSTD_CHECK(offset <= size_ && size <= size_ - offset);
    return {at_ + offset, size, bus_ + offset};
  }

  template <std::unsigned_integral T>
  T load(usize offset, Order o = Order::relaxed) const { return __atomic_load_n(word<T>(offset), static_cast<int>(o)); }
  template <std::unsigned_integral T>
  void store(usize offset, T v, Order o = Order::relaxed) const { __atomic_store_n(word<T>(offset), v, static_cast<int>(o)); }
  void read(usize offset, std::span<u8> to) const {
    OSTD_CHECK(offset <= size_ && to.size() <= size_ - offset);
    for (usize i = 0; i < to.size(); ++i) to[i] = load<u8>(offset + i);
  }
  void write(usize offset, std::span<const u8> from) const {
    OSTD_CHECK(offset <= size_ && from.size() <= size_ - offset);
    for (usize i = 0; i < from.size(); ++i) store<u8>(offset + i, from[i]);
  }

 private:
  template <class T>
  T* word(usize offset) const {
    OSTD_CHECK(offset <= size_ && sizeof(T) <= size_ - offset && (bus_ + offset) % sizeof(T) == 0);
    // SAFETY: inside the memory, aligned (the memory is as bus_ is), and only accessed as atomic integers.
    return reinterpret_cast<T*>(at_ + offset);
  }
  u8* at_ = nullptr;
  usize size_ = 0;
  u64 bus_ = 0;
};

}  // namespace ostd::target
