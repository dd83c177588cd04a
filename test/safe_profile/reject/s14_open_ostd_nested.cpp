// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
namespace ostd::detail { struct RefAccess2 {}; }
