// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace { int f() { return 0; } }
