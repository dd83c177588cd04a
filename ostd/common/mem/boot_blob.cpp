// SPDX-License-Identifier: MPL-2.0
// BootBlob: released_ counts readers that are copying; its top bit says that the memory is gone.
#include <common/frame_alloc.h>
#include <common/percpu.h>
#include <mem/copy.h>
#include <ostd/machine.h>

namespace c = ostd::common;

static constexpr ostd::u32 kReleased = 1U << 31;

auto ostd::BootBlob::read(usize offset, std::span<u8> to) const -> usize {
  if (offset >= size_) return 0;
  const usize n = to.size() < size_ - offset ? to.size() : size_ - offset;
  // acquire/release: release() waits for the copies that began before it.
  usize copied = 0;
  if ((released_.fetch_add(1, Order::acquire) & kReleased) == 0) {
    c::copy_bytes(to.data(), data_ + offset, n);
    copied = n;
  }
  released_.fetch_sub(1, Order::release);
  return copied;
}

auto ostd::BootBlob::release() const -> void {
  if (released_.fetch_or(kReleased, Order::acq_rel) & kReleased) return;
  while (released_.load(Order::acquire) != kReleased) c::wait_politely();
  // Hosted, the bytes may be a mapping of a file and no memory of the machine.
  if (!c::in_direct_map(data_) || !c::in_direct_map(data_ + size_)) return;
  const u64 begin = static_cast<u64>(data_ - c::g_frames.direct);
  for (u64 pfn = page_up(begin) >> kPageShift; pfn < (begin + size_) >> kPageShift; ++pfn)
    OSTD_CHECK(c::frame_meta(pfn).kind == c::FrameKind::none && "the blob's memory was never given to the allocator");
  // SAFETY: whole frames inside the blob, which nobody reads any more and the allocator does not have yet.
  c::frames_add(PhysAddr{begin}, PhysAddr{begin + size_});
}
