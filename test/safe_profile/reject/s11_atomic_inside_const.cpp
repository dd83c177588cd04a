// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/array.h>
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

struct Inner { ostd::Atomic<ostd::u32> n{0}; };
struct Outer { ostd::Array<Inner, 2> inner{}; };
const Outer outer{};
ostd::u32 f() { return outer.inner[1].n.fetch_add(1); }

}  // namespace
}  // namespace svc
