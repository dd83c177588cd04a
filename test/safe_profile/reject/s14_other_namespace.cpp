// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace other { namespace { int f() { return 0; } } }
