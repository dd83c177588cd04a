// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <ostd/machine.h>

namespace svc {
namespace {

void f(ostd::Ref<ostd::RefCounted> o) { ostd::set_debug_root(std::move(o)); }

}  // namespace
}  // namespace svc
