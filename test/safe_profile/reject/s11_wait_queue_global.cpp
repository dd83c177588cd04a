// expect: S11 +
// SPDX-License-Identifier: MPL-2.0
#include <ostd/wait.h>

namespace svc {
namespace {

const ostd::WaitQueue sleepers{};
void f() { sleepers.wake_all(); }

}  // namespace
}  // namespace svc
