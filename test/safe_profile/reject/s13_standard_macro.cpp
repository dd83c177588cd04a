// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <cstddef>
namespace svc { namespace {
struct S { int a = 0; int b = 0; };
unsigned long f() { return offsetof(S, b); }
} }
