// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/atomic.h>
#include <base/types.h>

namespace svc {
namespace {

struct S {
  static const ostd::Atomic<ostd::u32> calls;
  ostd::u32 f() const { return calls.fetch_add(1); }
};
const ostd::Atomic<ostd::u32> S::calls{0};

}  // namespace
}  // namespace svc
