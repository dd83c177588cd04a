// expect: S13
// SPDX-License-Identifier: MPL-2.0
#pragma GCC system_header
namespace svc { namespace { int f() { return 0; } } }
