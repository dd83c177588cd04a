// SPDX-License-Identifier: MPL-2.0
// user::read_bytes and its kin, strings and atomic words.
#include <common/percpu.h>
#include <mem/user_copy.h>
#include <ostd/user_io.h>

namespace c = ostd::common;

namespace ostd::common {

Status resolve_user_fault(const AddressSpace::Core& as, u64 va, Access access) {
  if (va >= kUserEnd.value || as.has_handler.load(Order::acquire) == 0) return Err(Errc::fault);
  const Opt<Ref<FaultHandler>> handler = as.handler.lock();
  if (!handler) return Err(Errc::fault);
  return (*handler)->handle_fault(VirtAddr{page_down(va)}, access);
}

void check_user_access() {
#if OSTD_DEBUG_LOCKS
  check_may_sleep("access to user memory");
  OSTD_CHECK(innermost_mutex_rank() < static_cast<u16>(kRankMm) && "user memory is not touched under locks of address spaces");
#endif
}

}  // namespace ostd::common

auto ostd::user::read_bytes(const AddressSpace& as, VirtAddr at, std::span<u8> to) -> Status {
  c::check_user_access();
  const usize n = c::for_user_pages(as.core(), at.value, to.size(), Access::read,
                                    [&](const u8* p, usize done, usize n) { c::copy_bytes(to.data() + done, p, n); });
  if (n != to.size()) return Err(Errc::fault);
  return Ok();
}

auto ostd::user::write_bytes(const AddressSpace& as, VirtAddr at, std::span<const u8> from) -> Status {
  c::check_user_access();
  const usize n = c::for_user_pages(as.core(), at.value, from.size(), Access::write,
                                    [&](u8* p, usize done, usize n) { c::copy_bytes(p, from.data() + done, n); });
  if (n != from.size()) return Err(Errc::fault);
  return Ok();
}

auto ostd::user::zero_bytes(const AddressSpace& as, VirtAddr at, usize length) -> Status {
  c::check_user_access();
  const usize n = c::for_user_pages(as.core(), at.value, length, Access::write, [](u8* p, usize, usize n) { c::zero_bytes(p, n); });
  if (n != length) return Err(Errc::fault);
  return Ok();
}

auto ostd::user::read_string(const AddressSpace& as, VirtAddr at, usize max) -> Result<String> {
  c::check_user_access();
  String text;
  usize room = 1024;  // what the caller's budget covers anyway; a longer text is paid for each time it doubles
  [[clang::uninitialized]] u8 piece[256];
  for (usize done = 0; done <= max;) {
    const u64 va = at.value + done;
    // Never past the page of the NUL: what lies behind a string need not be mapped.
    usize n = kPageSize - (va & kPageMask);
    if (n > sizeof piece) n = sizeof piece;
    if (n > max + 1 - done && max + 1 != 0) n = max + 1 - done;
    if (va < at.value || c::for_user_pages(as.core(), va, n, Access::read,
                                           [&](const u8* p, usize from, usize m) { c::copy_bytes(piece + from, p, m); }) != n)
      return Err(Errc::fault);
    const void* end = __builtin_memchr(piece, 0, n);
    const usize length = end ? static_cast<usize>(static_cast<const u8*>(end) - piece) : n;
    if (text.size() + length >= room) {
      room *= 2;
      if (const Status s = mem::reserve(2 + 2 * (room >> kPageShift)); !s.ok()) return Err(s.error());
    }
    text.append(std::span<const u8>(piece, length));
    if (end) return text;
    done += n;
  }
  return Err(Errc::name_too_long);
}

namespace {

using namespace ostd;

// One aligned word of user memory: f(u32*).
template <class F>
Result<u32> with_word(const AddressSpace& as, VirtAddr at, Access access, F&& f) {
  c::check_user_access();
  if (at.value & 3) return Err(Errc::invalid_argument);
  u32 value = 0;
  // SAFETY: the word is inside the page and aligned; user code that changes it meanwhile is why f is atomic.
  if (c::for_user_pages(as.core(), at.value, 4, access, [&](u8* p, usize, usize) { value = f(reinterpret_cast<u32*>(p)); }) != 4)
    return Err(Errc::fault);
  return value;
}

}  // namespace

auto ostd::user::load_u32(const AddressSpace& as, VirtAddr at) -> Result<u32> {
  return with_word(as, at, Access::read, [](const u32* w) { return __atomic_load_n(w, __ATOMIC_SEQ_CST); });
}
auto ostd::user::exchange_u32(const AddressSpace& as, VirtAddr at, u32 value) -> Result<u32> {
  return with_word(as, at, Access::write, [value](u32* w) { return __atomic_exchange_n(w, value, __ATOMIC_SEQ_CST); });
}
auto ostd::user::compare_exchange_u32(const AddressSpace& as, VirtAddr at, u32 expected, u32 desired) -> Result<u32> {
  return with_word(as, at, Access::write, [expected, desired](u32* w) {
    u32 found = expected;
    __atomic_compare_exchange_n(w, &found, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return found;
  });
}

auto ostd::user::frame_at(const AddressSpace& as, VirtAddr at, Access access) -> Result<FrameAt> {
  c::check_user_access();
  for (u32 tries = 0;; ++tries) {
    u64 head = 0;
    usize offset = 0;
    const bool there = c::with_user_page(as.core(), at.value, access, [&](u8*, u64 e) {
      head = c::pte_head(e);
      offset = ((c::pte_pfn(e) - head) << kPageShift) + at.page_offset();
      c::frame_share(head);
    });
    // SAFETY: the share was added above.
    if (there) return FrameAt{UFrame::adopt(head), offset};
    if (tries == c::kFaultRetries) return Err(Errc::fault);
    if (const Status s = c::resolve_user_fault(as.core(), at.value, access); !s.ok()) return Err(Errc::fault);
  }
}
