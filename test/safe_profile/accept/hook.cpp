// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>

// What services/boot defines for ostd is in its main file; everything else stands in namespace svc.
namespace svc {
namespace {
int f() { return 0; }
}  // namespace
}  // namespace svc
