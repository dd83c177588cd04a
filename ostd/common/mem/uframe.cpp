// SPDX-License-Identifier: MPL-2.0
// UFrame: handles to untyped frames. pfn_ is the number of the folio's head frame.
#include <common/frame_alloc.h>
#include <mem/copy.h>
#include <ostd/frame.h>

namespace c = ostd::common;

auto ostd::UFrame::alloc(Zero zero) -> UFrame {
  const u64 pfn = c::frame_alloc(c::FrameKind::untyped);
  if (zero == Zero::yes) c::frame_zero(pfn);
  return adopt(pfn);
}

auto ostd::UFrame::alloc_folio(u32 order, Zero zero) -> Opt<UFrame> {
  const u64 pfn = c::frame_alloc_order(c::FrameKind::untyped, order);
  if (pfn == 0) return {};
  if (zero == Zero::yes) c::frame_zero(pfn, order);
  return adopt(pfn);
}

ostd::UFrame::UFrame(const UFrame& o) : pfn_(o.pfn_) {
  OSTD_CHECK(pfn_ && "UFrame was moved from");
  c::frame_share(pfn_);
}
ostd::UFrame::~UFrame() {
  if (pfn_) c::frame_unshare(pfn_);
}
auto ostd::UFrame::order() const -> u32 { return c::frame_meta(pfn_).order; }
auto ostd::UFrame::share_count() const -> u32 { return c::frame_meta(pfn_).shares.load(Order::acquire); }

auto ostd::UFrame::data() const -> u8* {
  OSTD_CHECK(pfn_ && "UFrame was moved from");
  return c::frame_data(pfn_);
}

namespace {
void check_range(const ostd::UFrame& f, ostd::usize offset, ostd::usize length) {
  const ostd::usize size = f.size();
  OSTD_CHECK(offset <= size && length <= size - offset);
}
}  // namespace

// SAFETY (all below): data() is the direct map of the whole folio, the range is checked, a share is held.
auto ostd::UFrame::read(usize offset, std::span<u8> to) const -> void {
  const u8* from = data();
  check_range(*this, offset, to.size());
  c::copy_bytes(to.data(), from + offset, to.size());
}
auto ostd::UFrame::write(usize offset, std::span<const u8> from) const -> void {
  u8* to = data();
  check_range(*this, offset, from.size());
  c::copy_bytes(to + offset, from.data(), from.size());
  c::frame_note_written(pfn_);
}
auto ostd::UFrame::zero(usize offset, usize length) const -> void {
  u8* to = data();
  check_range(*this, offset, length);
  c::zero_bytes(to + offset, length);
  c::frame_note_written(pfn_);
}
auto ostd::UFrame::copy_from(const UFrame& other) const -> void {
  u8* to = data();
  const u8* from = other.data();
  if (pfn_ == other.pfn_) return;
  const usize n = size() < other.size() ? size() : other.size();
  c::copy_words(to, from, n);
  c::frame_note_written(pfn_);
}
