// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
namespace svc {
namespace {
int f(std::unique_ptr<int> p) { return *p; }
}
}
