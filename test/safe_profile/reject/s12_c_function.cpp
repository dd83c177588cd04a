// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
namespace svc {
namespace {
unsigned long f() { return ::strlen("abc"); }
}
}
