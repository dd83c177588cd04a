// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <base/raw_memory.h>
namespace svc {
namespace {
bool f() { return ::operator new(3) ? true : false; }
}
}
