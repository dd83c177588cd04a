// SPDX-License-Identifier: MPL-2.0
// A resource for the fixtures, and how the composition root mints a capability for it.
#pragma once
#include <base/cap.h>

namespace svc {

class Box;
namespace box {
inline constexpr auto read = ostd::Rights<Box>::bit(0), write = ostd::Rights<Box>::bit(1);
}

class Box final : public ostd::RefCounted {
 public:
  using MintKey = ostd::RootKey;
  struct Calls {
    int get(this const ostd::Permits<box::read> auto& self) { return self->value_.load(); }
    void set(this const ostd::Permits<box::write> auto& self, int v) { self->value_.store(v); }
  };
  int id() const { return 7; }

 private:
  ostd::Atomic<int> value_{1};
};

using FullBox = ostd::Cap<Box, ostd::Rights<Box>::all()>;
inline FullBox mint_box() { return FullBox::mint(ostd::RootKey(), ostd::make_ref<Box>()); }

}  // namespace svc
