// SPDX-License-Identifier: MPL-2.0
#include "user/context.h"

#include "user/frame.h"

#include <cstring>

namespace ostd {

using host::fpu_format;

std::span<u8> UserContext::Impl::buffer() {
  if (!fpu) fpu = new u8[fpu_format.size];
  return {fpu, fpu_format.size};
}

void UserContext::Impl::fetch_fpu() {
  if (fpu_at != FpuAt::slot) return;
  slot->space->lock.lock();  // another CPU may be using the parked thread for commands
  const bool alive = host::make_frame(*slot);
  slot->space->lock.unlock();
  if (alive) host::fpu_from_frame(*slot, buffer());
  else host::fpu_initial(buffer());
  fpu_at = FpuAt::buffer;
}

void UserContext::Impl::drop_slot() {
  if (!slot) return;
  fetch_fpu();
  host::slot_unbind(*slot);
  slot = nullptr;
}

}  // namespace ostd

using ostd::UserContext;

ostd::UserContext::UserContext() : impl_(new Impl) {}
ostd::UserContext::~UserContext() {
  if (!impl_) return;
  impl_->fpu_at = Impl::FpuAt::initial;
  impl_->drop_slot();
  delete[] impl_->fpu;
  delete impl_;
}
ostd::UserContext::UserContext(UserContext&& o) noexcept : impl_(std::exchange(o.impl_, nullptr)) {}
auto ostd::UserContext::operator=(UserContext&& o) noexcept -> UserContext& {
  std::swap(impl_, o.impl_);
  return *this;
}

static_assert(offsetof(UserContext::Impl, regs) == 0);
void ostd::UserContext::fetch_bases() {}  // every return from the stub brings them
auto ostd::UserContext::fault() const -> Fault { return impl_->fault; }

auto ostd::UserContext::fpu_size() const -> usize { return host::fpu_format.size; }
auto ostd::UserContext::fpu_features() const -> u64 { return host::fpu_format.features; }
void ostd::UserContext::fpu_save(std::span<u8> to) {
  OSTD_CHECK(to.size() >= host::fpu_format.size);
  if (impl_->fpu_at == Impl::FpuAt::initial) return host::fpu_initial(to);
  impl_->fetch_fpu();
  memcpy(to.data(), impl_->fpu, host::fpu_format.size);
}
auto ostd::UserContext::fpu_load(std::span<const u8> from) -> Status {
  if (const Status s = host::fpu_check(from); !s.ok()) return s;
  memcpy(impl_->buffer().data(), from.data(), host::fpu_format.size);
  impl_->fpu_at = Impl::FpuAt::buffer;
  return {};
}
void ostd::UserContext::fpu_reset() { impl_->fpu_at = Impl::FpuAt::initial; }
void ostd::UserContext::copy_from(UserContext& parent) {
  impl_->regs = parent.impl_->regs;
  impl_->fault = parent.impl_->fault;
  impl_->fpu_at = Impl::FpuAt::initial;
  if (parent.impl_->fpu_at == Impl::FpuAt::initial) return;
  parent.impl_->fetch_fpu();
  memcpy(impl_->buffer().data(), parent.impl_->fpu, host::fpu_format.size);
  impl_->fpu_at = Impl::FpuAt::buffer;
}
