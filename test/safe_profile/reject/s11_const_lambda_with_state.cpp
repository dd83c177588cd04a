// expect: S11 +
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>

namespace svc {
namespace {

int f() {
  static const auto next = [n = ostd::Atomic<int>(0)]() { return n.fetch_add(1); };
  return next();
}

}  // namespace
}  // namespace svc
