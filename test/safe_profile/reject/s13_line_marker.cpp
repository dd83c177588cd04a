// expect: S13
// SPDX-License-Identifier: MPL-2.0
# 1 "/usr/include/x.h" 1 3
namespace svc { namespace { int f(long& a) { return *(int*)&a; } } }
