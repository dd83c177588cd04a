// expect: S19 +
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

FullBox f(ostd::Ref<Box> b) { return FullBox::mint(*ostd::make_own<Box::MintKey>(), std::move(b)); }

}  // namespace
}  // namespace svc
