// expect: S3
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

namespace svc {
namespace {

template <class T> void f(T& t) { t.~T(); }
void g(ostd::Own<int>& o) { f(o); }

}  // namespace
}  // namespace svc
