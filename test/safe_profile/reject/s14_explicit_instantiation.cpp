// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
namespace svc { namespace {
template <class T> struct Steal { T t{}; };
template struct Steal<int>;
} }
