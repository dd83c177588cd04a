// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

constexpr ostd::Atomic<ostd::u32> kCalls{0};
ostd::u32 f() { return kCalls.fetch_add(1); }

}  // namespace
}  // namespace svc
