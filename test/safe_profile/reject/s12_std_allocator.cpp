// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
namespace svc {
namespace {
void f() { std::allocator<int> a; a.deallocate(a.allocate(1), 1); }
}
}
