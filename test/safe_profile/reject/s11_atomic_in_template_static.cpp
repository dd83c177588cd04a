// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

template <class T> struct Counter { static constexpr ostd::Atomic<ostd::u32> n{0}; };
ostd::u32 f() { return Counter<int>::n.fetch_add(1); }

}  // namespace
}  // namespace svc
