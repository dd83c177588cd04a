// SPDX-License-Identifier: MPL-2.0
// Life of a UserContext.
#include <common/target.h>
#include <cpu/features.h>
#include <cpu/instructions.h>
#include <cpu/speculation.h>
#include <new>
#include <ostd/trust.h>
#include <user/context.h>

namespace {
using namespace ostd;
using namespace ostd::target;
}

UserContext::UserContext() : impl_(new Impl) {
  impl_->memory = static_cast<u8*>(::operator new(features.xsave_size + 64));
  impl_->fpu = impl_->memory + (64 - address_of(impl_->memory) % 64) % 64;
  reset_fpu_image(impl_->fpu);
}

UserContext::~UserContext() {
  if (!impl_) return;
  forget_fpu(*impl_);  // this CPU; another one compares fpu_cpu, which a new context at this address does not have
  ::operator delete(impl_->memory);
  delete impl_;
}

UserContext::UserContext(UserContext&& o) noexcept : impl_(std::exchange(o.impl_, nullptr)) {}
UserContext& UserContext::operator=(UserContext&& o) noexcept {
  std::swap(impl_, o.impl_);
  return *this;
}

Fault UserContext::fault() const { return impl_->fault; }

void UserContext::fetch_bases() {
  const bool on = irqs_on();
  irq_disable();
  const CpuArea& cpu = this_area();
  if (fpu_live() && cpu.fpu_owner == impl_) read_bases(*impl_);
  if (on) irq_enable();
}

void UserContext::copy_from(UserContext& parent) {
  store_live(*parent.impl_);
  forget_fpu(*impl_);
  impl_->regs = parent.impl_->regs;
  impl_->fault = parent.impl_->fault;
  impl_->spec_control = parent.impl_->spec_control;
  __builtin_memcpy(impl_->fpu, parent.impl_->fpu, features.xsave_size);
}

namespace {
u32 limit_bit(user::Guess g) { return g == user::Guess::store_bypass ? kSpecSsbd : kSpecStibp; }
}
auto ostd::user::can_limit(Guess g) -> bool { return (mitigations.limits & limit_bit(g)) != 0; }
auto ostd::user::limit(UserContext& c, Guess g, bool on) -> void {
  UserContext::Impl& i = c.impl();
  i.spec_control = on ? i.spec_control | limit_bit(g) : i.spec_control & ~limit_bit(g);
  forget_fpu(i);  // what is loaded with the registers is loaded again
}
