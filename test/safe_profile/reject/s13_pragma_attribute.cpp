// expect: S13
// SPDX-License-Identifier: MPL-2.0
#pragma clang attribute push(__attribute__((noinline)), apply_to = function)
namespace svc { namespace { int f() { return 0; } } }
#pragma clang attribute pop
