// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

FullBox f(ostd::Ref<Box> b, const Box::MintKey& key = Box::MintKey()) { return FullBox::mint(key, std::move(b)); }

}  // namespace
}  // namespace svc
