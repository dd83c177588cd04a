// SPDX-License-Identifier: MPL-2.0
// FPU and SIMD state: XSAVE where there is one, else FXSAVE with an XSAVE header made by hand. [sdm1 13]
#include <common/target.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <user/context.h>

namespace ostd::target {

extern "C" void refill_return_stack();  // trap/thunk.S

namespace {
constexpr usize kFcw = 0, kMxcsr = 24, kMxcsrMask = 28, kHeader = 512;
constexpr u32 kInitialMxcsr = 0x1f80;

template <class T>
T get(const u8* image, usize at) { T v; __builtin_memcpy(&v, image + at, sizeof v); return v; }
template <class T>
void put(u8* image, usize at, T v) { __builtin_memcpy(image + at, &v, sizeof v); }

// SAFETY: images are 64-byte aligned and xsave_size bytes long; XCR0 is features.xcr0 on all CPUs.
void save(u8* image) {
  if (features.xsaveopt)
    asm volatile("xsaveopt64 (%0)" ::"r"(image), "a"(static_cast<u32>(features.xcr0)), "d"(0) : "memory");
  else if (features.xsave)
    asm volatile("xsave64 (%0)" ::"r"(image), "a"(static_cast<u32>(features.xcr0)), "d"(0) : "memory");
  else
    asm volatile("fxsave64 (%0)" ::"r"(image) : "memory");
}
// SAFETY: as above, and an image is what save wrote or fpu_load has checked.
void restore(const u8* image, u32 parts) {
  if (features.xsave) asm volatile("xrstor64 (%0)" ::"r"(image), "a"(parts), "d"(0) : "memory");
  else asm volatile("fxrstor64 (%0)" ::"r"(image) : "memory");
}
template <class F>
auto irqs_off(F f) {
  const bool on = irqs_on();
  irq_disable();
  f();
  if (on) irq_enable();
}
}  // namespace

void reset_fpu_image(u8* image) {
  __builtin_memset(image, 0, features.xsave_size);
  put<u16>(image, kFcw, 0x37f);
  put<u32>(image, kMxcsr, kInitialMxcsr);
  if (!features.xsave) put<u64>(image, kHeader, 3);
}

void save_live_fpu() {
  CpuArea& cpu = this_area();
  save(cpu.fpu_owner->fpu);
  read_bases(*cpu.fpu_owner);
  cpu.entry->fpu_live = 0;
  // A pending unmasked x87 exception would strike at jump_fcontext's fldcw.
  reset_fpu_registers();
}

void prepare_switch(bool live) {
  if (live) save_live_fpu();
#ifndef OSTD_WITHOUT_SPECULATION  // only when their cost is measured
  if (this_area().entry->refill_returns) refill_return_stack();
#endif
}

void load_fpu(CpuArea& cpu, UserContext::Impl& c) {
  if (fpu_live()) save_live_fpu();
  if (cpu.fpu_owner == &c && c.fpu_cpu == cpu.index && features.xsave) {
    // All registers but x87 and the control words are as they were saved.
    if (get<u64>(c.fpu, kHeader) & 1) restore(c.fpu, 1);
    // SAFETY: MXCSR as save wrote it or fpu_load has checked it.
    asm volatile("ldmxcsr %0" ::"m"(*reinterpret_cast<const u32*>(c.fpu + kMxcsr)));
  } else {
    if (mitigations.clear_fpu_pointers) {
      // They are restored only with a pending exception: load anything, so that they are the OS's.
      const u32 anything = 0;
      asm volatile("fnclex; emms; fildl %0" ::"m"(anything));  // SAFETY: the registers are loaded next
    }
    restore(c.fpu, static_cast<u32>(features.xcr0));
    cpu.fpu_owner = &c;
    c.fpu_cpu = cpu.index;
  }
  cpu.entry->fpu_live = 1;
}

void store_live(UserContext::Impl& c) {
  irqs_off([&] {
    CpuArea& cpu = this_area();
    if (!fpu_live() || cpu.fpu_owner != &c) return;
    save(c.fpu);
    read_bases(c);
  });
}

void forget_fpu(UserContext::Impl& c) {
  irqs_off([&] {
    CpuArea& cpu = this_area();
    if (cpu.fpu_owner == &c) {
      if (fpu_live()) save_live_fpu();
      cpu.fpu_owner = nullptr;
    }
    c.fpu_cpu = ~0U;
  });
}

}  // namespace ostd::target

namespace {
using namespace ostd;
using namespace ostd::target;
}

usize UserContext::fpu_size() const { return features.xsave_size; }
u64 UserContext::fpu_features() const { return features.xsave ? features.xcr0 : 3; }

void UserContext::fpu_save(std::span<u8> to) {
  OSTD_CHECK(to.size() >= features.xsave_size && "room for the FPU state");
  store_live(*impl_);
  const u8* const image = impl_->fpu;
  // Parts in their initial state are not written by XSAVE: give their initial values, not what was there before.
  const u64 used = get<u64>(image, kHeader);
  __builtin_memcpy(to.data(), image, features.xsave_size);
  if (!(used & 1)) {
    __builtin_memset(to.data(), 0, 24);
    put<u16>(to.data(), kFcw, 0x37f);
    __builtin_memset(to.data() + 32, 0, 128);
  }
  if (!(used & 2)) __builtin_memset(to.data() + 160, 0, 256);
  for (u32 i = 2; i < 8; ++i)
    if ((features.xcr0 >> i & 1) && !(used >> i & 1)) {
      const FpuPart p = fpu_part(i);
      __builtin_memset(to.data() + p.offset, 0, p.size);
    }
}

Status UserContext::fpu_load(std::span<const u8> from) {
  if (from.size() < kHeader + 64) return Errc::invalid_argument;
  const u64 used = get<u64>(from.data(), kHeader);
  if (used & ~fpu_features()) return Errc::invalid_argument;
  for (usize i = 8; i < 64; ++i)  // compaction and reserved words
    if (from[kHeader + i] != 0) return Errc::invalid_argument;
  if (from.size() < features.xsave_size && (used & ~3ULL)) return Errc::invalid_argument;
  // The mask of valid MXCSR bits is what the processor wrote into our own image, or its default [sdm1 11.6.6].
  u32 mask = get<u32>(impl_->fpu, kMxcsrMask);
  if (mask == 0) mask = 0xffbf;
  if (get<u32>(from.data(), kMxcsr) & ~mask) return Errc::invalid_argument;
  forget_fpu(*impl_);
  const usize n = from.size() < features.xsave_size ? from.size() : features.xsave_size;
  __builtin_memcpy(impl_->fpu, from.data(), n);
  put<u32>(impl_->fpu, kMxcsrMask, mask);
  if (!features.xsave) put<u64>(impl_->fpu, kHeader, 3);
  return Ok();
}

void UserContext::fpu_reset() {
  forget_fpu(*impl_);
  reset_fpu_image(impl_->fpu);
}
