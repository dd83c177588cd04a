// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <ostd/user_io.h>
namespace svc {
namespace {
struct S { ostd::Reader r; };
}
}
