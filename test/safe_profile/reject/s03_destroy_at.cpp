// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

#include <base/own.h>
#include <base/vec.h>
namespace svc {
namespace {
void f(ostd::Own<int>& o) { std::destroy_at(o.operator->()); }
}
}
