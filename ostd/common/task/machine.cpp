// SPDX-License-Identifier: MPL-2.0
// Power and the boot blob: what ostd/machine.h declares and both targets share.
#include "sched.h"

void ostd::Power::off(u8 exit_code) const { target::power_off(exit_code); }
void ostd::Power::reboot() const { target::power_reboot(); }
void ostd::Power::halt() const { target::power_halt(); }

ostd::usize ostd::BootBlob::read(usize offset, std::span<u8> to) const {
  if (released_.load(Order::acquire) || offset >= size_) return 0;
  const usize n = size_ - offset < to.size() ? size_ - offset : to.size();
  __builtin_memcpy(to.data(), data_ + offset, n);
  return n;
}

void ostd::BootBlob::release() const { released_.store(1, Order::release); }
