// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
#include <algorithm>
namespace svc {
namespace {
int f(int a) { return std::min(a, 1); }
}
}
