// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

template <class T> bool g(T& t) { return t.release() ? true : false; }
bool f(ostd::Own<int>& o) { return g(o); }

}  // namespace
}  // namespace svc
