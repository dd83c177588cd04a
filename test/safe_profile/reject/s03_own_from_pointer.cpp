// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

template <class T> ostd::Own<int> f(T p) { return ostd::Own<int>(p); }
ostd::Own<int> g(ostd::Own<int>& o) { return f(o.release()); }

}  // namespace
}  // namespace svc
