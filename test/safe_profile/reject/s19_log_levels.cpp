// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <ostd/log.h>

namespace svc {
namespace {

void f() { ostd::log::configure("log.level=debug"); }

}  // namespace
}  // namespace svc
