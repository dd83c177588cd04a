// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

ostd::u32 f() {
  static const ostd::Atomic<ostd::u32> calls{0};
  return calls.fetch_add(1);
}

}  // namespace
}  // namespace svc
