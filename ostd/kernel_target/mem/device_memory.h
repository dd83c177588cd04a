// SPDX-License-Identifier: MPL-2.0
// DeviceMemory: registers of a device that was found by its own or the firmware's word. Accesses stay inside; a place that is RAM or
// an interrupt controller's is refused.
#pragma once
#include <base/opt.h>
#include <base/trap.h>
#include <base/types.h>
#include <concepts>

namespace ostd::target {

class DeviceMemory {
 public:
  // Nothing: nobody's registers can be there, or more than 1 MiB.
  static Opt<DeviceMemory> map(u64 physical, u64 size);
  usize size() const { return size_; }
  template <std::unsigned_integral T>
  T read(usize offset) const { return *word<T>(offset); }
  template <std::unsigned_integral T>
  void write(usize offset, T v) const { *word<T>(offset) = v; }

 private:
  DeviceMemory(u8* at, usize size) : at_(at), size_(size) {}
  // SAFETY: at_ is a mapping of its own that stays, checked to be of no RAM; device registers: every access counts.
  template <class T>
  volatile T* word(usize offset) const {
    OSTD_CHECK(offset <= size_ && sizeof(T) <= size_ - offset && offset % sizeof(T) == 0);
    return reinterpret_cast<volatile T*>(at_ + offset);
  }
  u8* at_;
  usize size_;
};

}  // namespace ostd::target
