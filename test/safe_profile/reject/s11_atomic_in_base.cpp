// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

struct Base { ostd::Atomic<ostd::u32> n{0}; };
struct Derived : Base { int m = 0; };
const Derived d{};
ostd::u32 f() { return d.n.fetch_add(1); }

}  // namespace
}  // namespace svc
