// SPDX-License-Identifier: MPL-2.0
// UFrame: a counted share of untyped physical memory (user pages, page cache), a naturally aligned folio of 2^order pages.
// Its contents are never C++ objects: they are copied in and out. Copies of a UFrame share the memory.
#pragma once
#include <base/annotations.h>
#include <base/opt.h>
#include <base/result.h>
#include <base/types.h>
#include <span>

namespace ostd {

inline constexpr u32 kMaxOrder = 9;  // 2 MiB

enum class Zero : u8 { yes, no };

class OSTD_OWNED UFrame {
 public:
  // Infallible for order 0: draws on the running task's credit.
  static UFrame alloc(Zero zero = Zero::yes);
  // A folio; nothing when memory is fragmented (the caller falls back to smaller ones).
  static Opt<UFrame> alloc_folio(u32 order, Zero zero = Zero::yes);

  UFrame(const UFrame& o);
  UFrame(UFrame&& o) noexcept : pfn_(std::exchange(o.pfn_, 0)) {}
  UFrame& operator=(UFrame o) noexcept { std::swap(pfn_, o.pfn_); return *this; }
  ~UFrame();

  u32 order() const;
  usize size() const { return kPageSize << order(); }
  // Handles and mappings that share it; 1: only this one.
  u32 share_count() const;
  bool same(const UFrame& o) const { return pfn_ == o.pfn_; }
  u64 id() const { return pfn_; }  // frame number, for hashing (futex keys), pagemap

  // Copies between memory and the frame; offset+size within size() (checked).
  void read(usize offset, std::span<u8> to) const;
  void write(usize offset, std::span<const u8> from) const;
  void zero(usize offset, usize length) const;
  // Copies the first min(size) bytes of the other frame.
  void copy_from(const UFrame& other) const;

  // Bytes; Requires: no C++ object is made of them.
  OSTD_UNSAFE u8* data() const;
  OSTD_UNSAFE static UFrame adopt(u64 pfn) { UFrame f; f.pfn_ = pfn; return f; }  // Requires: the caller owns one share.
  OSTD_UNSAFE u64 leak() { return std::exchange(pfn_, 0); }

 private:
  UFrame() = default;
  u64 pfn_ = 0;  // 0: moved from
};

}  // namespace ostd
