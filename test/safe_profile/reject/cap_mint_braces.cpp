// expect: type is explicit
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

FullBox f(ostd::Ref<Box> b) { return FullBox::mint({}, std::move(b)); }

}  // namespace
}  // namespace svc
