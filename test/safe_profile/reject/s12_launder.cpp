// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

#include <base/opt.h>
namespace svc {
namespace {
int f(ostd::Own<int>& o) { return *std::launder(o.operator->()); }
}
}
