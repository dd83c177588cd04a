// expect: S2
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

template <class T> auto f(T t) { return *t; }
int g(const ostd::Own<int>& o) { return f(o.operator->()); }

}  // namespace
}  // namespace svc
