// expect: type deleted
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::DynCap<Box> make(FullBox b) { return ostd::DynCap<Box>(std::move(b)); }
int f(FullBox b) { return make(std::move(b)).as<box::read>().value().get(); }

}  // namespace
}  // namespace svc
