// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>
namespace ostd { inline int mine() { return 1; } }
