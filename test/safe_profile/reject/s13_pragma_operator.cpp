// expect: S12
// SPDX-License-Identifier: MPL-2.0
namespace svc { namespace { _Pragma("clang diagnostic ignored \"-Wall\"") int f() { return 0; } } }
