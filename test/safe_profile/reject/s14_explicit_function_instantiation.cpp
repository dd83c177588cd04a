// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc { namespace {
template <class T> T f(T t) { return t; }
template int f(int);
} }
