// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <span>
namespace std { template <> struct hash<int>; }
