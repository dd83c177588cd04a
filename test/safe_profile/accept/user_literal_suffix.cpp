// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

namespace svc {
namespace {

constexpr ostd::u64 operator""_KiB(unsigned long long n) { return n * 1024; }
ostd::u64 f() { return 4_KiB; }

}  // namespace
}  // namespace svc
