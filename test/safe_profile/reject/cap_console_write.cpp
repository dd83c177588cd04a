// expect: type is a private member
// SPDX-License-Identifier: MPL-2.0
#include <ostd/machine.h>

namespace svc {
namespace {

void f(const ostd::Ref<ostd::Console>& c, std::span<const ostd::u8> text) { c->write(text); }

}  // namespace
}  // namespace svc
