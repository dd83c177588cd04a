// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
template <class T> struct Shape { T a{}; };
template <class T> T twice(T t) { return t + t; }
}
