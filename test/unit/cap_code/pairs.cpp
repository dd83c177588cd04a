// SPDX-License-Identifier: MPL-2.0
// Pairs of functions that do the same with a plain reference (plain_X) and with a capability (cap_X). compare.py checks that each
// pair is the same machine code. differ_X is a pair that must not be: it shows that the comparison sees a difference.
#include <base/cap.h>

namespace probe {
using namespace ostd;

class Probe;
namespace right {
inline constexpr auto read = Rights<Probe>::bit(0), write = Rights<Probe>::bit(1);
}

class Probe : public RefCounted {
 public:
  using MintKey = RootKey;
  struct Calls {
    u64 get(this const Permits<right::read> auto& self, u64 index) { return self->get_(index); }
    void set(this const Permits<right::write> auto& self, u64 v) { self->set_(v); }
    u64 far(this const Permits<right::read> auto& self, u64 a, u64 b) { return self->far_(a, b); }
  };
  u64 get_(u64 index) const { return value_.load(Order::relaxed) + index; }
  void set_(u64 v) const { value_.store(v, Order::relaxed); }
  virtual u64 far_(u64 a, u64 b) const = 0;

 private:
  Atomic<u64> value_{};
};
u64 callee(const Probe& p);
u64 callee(CapRef<Probe, right::read> p);

}  // namespace probe
using namespace probe;

extern "C" {
u64 plain_inline(const Probe& p, u64 i) { return p.get_(i); }
u64 cap_inline(CapRef<Probe, right::read> p, u64 i) { return p.get(i); }

void plain_write(const Probe& p, u64 v) { p.set_(v); }
void cap_write(CapRef<Probe, right::read | right::write> p, u64 v) { p.set(v); }

u64 plain_virtual(const Probe& p, u64 a) { return p.far_(a, 1) + p.get_(2); }
u64 cap_virtual(CapRef<Probe, right::read> p, u64 a) { return p.far(a, 1) + p.get(2); }

// Passed on, with fewer rights.
u64 plain_pass(const Probe& p) { return callee(p) + p.get_(0); }
u64 cap_pass(CapRef<Probe, right::read | right::write> p) { return callee(p) + p.get(0); }

// Owned: as through Ref.
u64 plain_owned(const Ref<Probe>& p, u64 i) { return p->get_(i); }
u64 cap_owned(const Cap<Probe, right::read>& p, u64 i) { return p.get(i); }

u64 plain_differ(const Probe& p, u64 i) { return p.get_(i); }
u64 cap_differ(const DynCap<Probe>& p, u64 i) { return p.as<right::read>().value().get(i); }
}
