// SPDX-License-Identifier: MPL-2.0
#include "user/frame.h"

#include <cstring>

namespace ostd::host {

constinit FpuFormat fpu_format{};

namespace {
constexpr u32 kLegacy = 512, kHeader = 64;
constexpr u32 kSwReserved = 464;           // magic1, extended size, u64 features, xstate size
constexpr u32 kMagic1 = 0x46505853;
constexpr u32 kMxcsrAt = 24, kMxcsrMaskAt = 28;

// SAFETY: a slot's 32 KiB stay mapped for ever; offsets were checked by find_frame; the stub may change the bytes
// under us, they are only copied.
u8* slot_base(const Slot& s) { return reinterpret_cast<u8*>(&ctl_of(s)); }
template <class T> T get(const u8* p) { T v; memcpy(&v, p, sizeof v); return v; }
template <class T> void put(u8* p, T v) { memcpy(p, &v, sizeof v); }

// Offset in the slot of an address that the stub gave, if [at, at+size) lies in the signal stack.
bool in_signal_stack(const Slot& s, u64 va, u64 size, u64 align, u32& offset) {
  const u64 o = va - slot_va(s);
  if (o < stub::kSignalStack || o >= stub::kSlotSize || size > stub::kSlotSize - o || o % align != 0) return false;
  offset = static_cast<u32>(o);
  return true;
}
}  // namespace

bool find_frame(Slot& s) {
  const u64 uc = __atomic_load_n(&ctl_of(s).uc, __ATOMIC_RELAXED);
  if (!in_signal_stack(s, uc + stub::kUcGregs, stub::kGregs * 8, 8, s.frame_at)) return false;
  const u64 fp = __atomic_load_n(&frame_regs(s)[stub::kFpState], __ATOMIC_RELAXED);
  const u32 size = fpu_format.size != 0 ? fpu_format.size : kLegacy + kHeader;
  return in_signal_stack(s, fp, size, 64, s.fpu_at);
}
// SAFETY: find_frame checked the offset and its alignment.
u64* frame_regs(const Slot& s) { return reinterpret_cast<u64*>(slot_base(s) + s.frame_at); }
std::span<u8> frame_fpu(const Slot& s) { return {slot_base(s) + s.fpu_at, fpu_format.size}; }

bool learn_fpu_format(const Slot& s) {
  const u8* fp = slot_base(s) + s.fpu_at;
  if (get<u32>(fp + kSwReserved) != kMagic1) return false;
  fpu_format.features = get<u64>(fp + kSwReserved + 8);
  fpu_format.size = get<u32>(fp + kSwReserved + 16);
  if (const u32 m = get<u32>(fp + kMxcsrMaskAt); m != 0) fpu_format.mxcsr_mask = m;
  return fpu_format.size >= kLegacy + kHeader && fpu_format.size <= stub::kSlotSize - stub::kSignalStack - 4096;
}

void fpu_initial(std::span<u8> to) {
  memset(to.data(), 0, fpu_format.size);
  put<u16>(to.data(), 0x37f);
  put<u32>(to.data() + kMxcsrAt, 0x1f80);
  put<u32>(to.data() + kMxcsrMaskAt, fpu_format.mxcsr_mask);
}

Status fpu_check(std::span<const u8> from) {
  if (from.size() < fpu_format.size) return Err(Errc::invalid_argument);
  if (get<u32>(from.data() + kMxcsrAt) & ~fpu_format.mxcsr_mask) return Err(Errc::invalid_argument);
  if (get<u64>(from.data() + kLegacy) & ~fpu_format.features) return Err(Errc::invalid_argument);
  for (u32 i = 8; i < kHeader; i++)  // XCOMP_BV and the reserved bytes [sdm1 13.4.2]
    if (from[kLegacy + i] != 0) return Err(Errc::invalid_argument);
  return {};
}

void fpu_to_frame(const Slot& s, std::span<const u8> from) {
  u8* to = slot_base(s) + s.fpu_at;
  memcpy(to, from.data(), kSwReserved);
  memcpy(to + kLegacy, from.data() + kLegacy, fpu_format.size - kLegacy);
}
void fpu_initial_to_frame(const Slot& s) {
  u8* to = slot_base(s) + s.fpu_at;
  put<u16>(to, 0x37f);
  put<u32>(to + kMxcsrAt, 0x1f80);
  memset(to + kLegacy, 0, kHeader);  // XSTATE_BV 0: XRSTOR initialises every component
}
void fpu_from_frame(const Slot& s, std::span<u8> to) {
  const u8* from = slot_base(s) + s.fpu_at;
  memcpy(to.data(), from, kSwReserved);
  memset(to.data() + kSwReserved, 0, kLegacy - kSwReserved);
  memcpy(to.data() + kLegacy, from + kLegacy, fpu_format.size - kLegacy);
  // The copy is one that fpu_check takes, whatever the stub has written there.
  u8* t = to.data();
  put<u32>(t + kMxcsrAt, get<u32>(t + kMxcsrAt) & fpu_format.mxcsr_mask);
  put<u64>(t + kLegacy, get<u64>(t + kLegacy) & fpu_format.features);
  memset(t + kLegacy + 8, 0, kHeader - 8);
}

}  // namespace ostd::host
