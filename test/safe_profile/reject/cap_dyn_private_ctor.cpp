// expect: type private
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

ostd::DynCap<Box> f(ostd::Ref<Box> b) { return ostd::DynCap<Box>(std::move(b), ostd::Rights<Box>::all()); }

}  // namespace
}  // namespace svc
