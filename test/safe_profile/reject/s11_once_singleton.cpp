// expect: S11 +
// SPDX-License-Identifier: MPL-2.0
#include <ostd/sync.h>

namespace svc {
namespace {

int f() {
  static const ostd::Once<int> instance{};
  static_cast<void>(instance.set(1));
  return instance.get();
}

}  // namespace
}  // namespace svc
