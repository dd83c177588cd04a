// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::DynCap<Box> f(ostd::Ref<Box> b) { return ostd::DynCap<Box>::mint(ostd::RootKey(), std::move(b), box::write); }

}  // namespace
}  // namespace svc
