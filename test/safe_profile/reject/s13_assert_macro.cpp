// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <base/annotations.h>

#include <base/annotations.h>
namespace svc { namespace {
OSTD_UNSAFE void f() {}
} }
