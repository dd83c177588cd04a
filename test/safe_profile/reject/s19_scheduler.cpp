// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <ostd/scheduler.h>

namespace svc {
namespace {

void f(ostd::Own<ostd::SchedPolicy> p) { ostd::scheduler::install(std::move(p)); }

}  // namespace
}  // namespace svc
