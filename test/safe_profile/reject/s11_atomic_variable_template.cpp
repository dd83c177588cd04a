// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

template <class T> constexpr ostd::Atomic<ostd::u32> kCount{0};
ostd::u32 f() { return kCount<int>.fetch_add(1); }

}  // namespace
}  // namespace svc
