// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <ostd/frame.h>
namespace svc {
namespace {
void f() { ostd::UFrame u = ostd::UFrame::adopt(7); (void)u; }
}
}
