// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
bool f(int& a);
namespace {
bool g(int& a) { return *std::addressof(a) == 1; }
}
}
