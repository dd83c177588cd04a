// SPDX-License-Identifier: MPL-2.0
// The only ways to user memory. A bad address is Errc::fault, never a crash. Copies go through the page table, pin the frame
// while they copy, and call the address space's fault handler where a page is missing, so they may sleep: under a spinlock,
// or a lock ranked at or inside mm, the checker stops them.
#pragma once
#include <base/bytes.h>
#include <base/result.h>
#include <base/string.h>
#include <base/vec.h>
#include <ostd/address_space.h>
#include <ostd/sync.h>
#include <span>
#include <type_traits>

namespace ostd {

// No sleeping lock of this rank or inside it may be held around user memory: fault handlers take such locks.
inline constexpr Rank kRankMm{200};

// Plain bytes with no padding, so nothing of the OS can leak through it and no program can forge a borrow.
template <class T>
concept UserData = PlainData<T>;

struct IoSlice {
  VirtAddr base{};
  u64 length = 0;
};

// A source of bytes for write(): user memory (one piece or several) or a buffer of the OS. A cursor: reading advances.
class OSTD_VIEW Reader {
 public:
  static Reader user(const AddressSpace& as [[clang::lifetimebound]], VirtAddr base, usize length);
  static Reader user_vec(const AddressSpace& as [[clang::lifetimebound]], std::span<const IoSlice> pieces [[clang::lifetimebound]]);
  static Reader buffer(std::span<const u8> bytes [[clang::lifetimebound]]);
  usize remaining() const { return remaining_; }
  // Copies up to to.size() bytes; fewer only at the end of the source or before a bad address. Errors: fault when not one
  // byte could be copied.
  Result<usize> read(std::span<u8> to);
  // The same straight into a frame (no bounce buffer).
  Result<usize> read_to(const UFrame& frame, usize offset, usize length);
  Result<usize> skip(usize n);
  // Makes the next up to n bytes present (file writes call it before taking locks under which faults are not allowed).
  Status prefault(usize n);
  void limit(usize n);  // remaining() becomes at most n

 private:
  friend struct IoAccess;
  Reader() = default;
  const AddressSpace* as_ = nullptr;
  const u8* buffer_ = nullptr;
  const IoSlice* piece_ = nullptr;
  usize pieces_ = 0;
  IoSlice now_{};
  usize remaining_ = 0;
};

// A destination of bytes for read().
class OSTD_VIEW Writer {
 public:
  static Writer user(const AddressSpace& as [[clang::lifetimebound]], VirtAddr base, usize length);
  static Writer user_vec(const AddressSpace& as [[clang::lifetimebound]], std::span<const IoSlice> pieces [[clang::lifetimebound]]);
  static Writer buffer(std::span<u8> bytes [[clang::lifetimebound]]);
  usize remaining() const { return remaining_; }
  Result<usize> write(std::span<const u8> from);
  Result<usize> write_from(const UFrame& frame, usize offset, usize length);
  Result<usize> fill_zero(usize n);
  Status prefault(usize n);
  void limit(usize n);

 private:
  friend struct IoAccess;
  Writer() = default;
  const AddressSpace* as_ = nullptr;
  u8* buffer_ = nullptr;
  const IoSlice* piece_ = nullptr;
  usize pieces_ = 0;
  IoSlice now_{};
  usize remaining_ = 0;
};

namespace user {
Status read_bytes(const AddressSpace& as, VirtAddr at, std::span<u8> to);           // all or fault
Status write_bytes(const AddressSpace& as, VirtAddr at, std::span<const u8> from);  // all or fault (a prefix may be written)
Status zero_bytes(const AddressSpace& as, VirtAddr at, usize length);

template <UserData T>
Result<T> read(const AddressSpace& as, VirtAddr at);
template <UserData T>
Status write(const AddressSpace& as, VirtAddr at, const T& value);
// n values; errors: fault, out_of_memory (more than a KiB is reserved here). n is the caller's to bound.
template <UserData T>
Result<Vec<T>> read_array(const AddressSpace& as, VirtAddr at, usize n);
template <UserData T>
Status write_array(const AddressSpace& as, VirtAddr at, std::span<const T> values);

// A NUL-terminated string of at most max bytes without the NUL. Errors: fault; name_too_long when no NUL was found;
// out_of_memory (more than a KiB is reserved here).
Result<String> read_string(const AddressSpace& as, VirtAddr at, usize max);

// Atomic access to an aligned user word (futex). Errors: fault; invalid_argument when not aligned.
Result<u32> load_u32(const AddressSpace& as, VirtAddr at);
Result<u32> exchange_u32(const AddressSpace& as, VirtAddr at, u32 value);
// The value found; it was replaced by `desired` exactly when it equals `expected`.
Result<u32> compare_exchange_u32(const AddressSpace& as, VirtAddr at, u32 expected, u32 desired);
// Frame and offset behind an address, faulted in (write access if asked): the key of shared futexes. Errors: fault.
struct FrameAt { UFrame frame; usize offset = 0; };
Result<FrameAt> frame_at(const AddressSpace& as, VirtAddr at, Access access);
}  // namespace user

}  // namespace ostd

#include <ostd/detail/user_io_inline.h>
