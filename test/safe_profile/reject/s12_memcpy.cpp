// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
namespace svc {
namespace {
void f(int& a, int& b) { std::memcpy(&a, &b, 100); }
}
}
