// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

struct Key : ostd::RootKey { int n = 0; };
FullBox f(ostd::Ref<Box> b) { return FullBox::mint(Key(), std::move(b)); }

}  // namespace
}  // namespace svc
