// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

using Key = Box::MintKey;
FullBox f(ostd::Ref<Box> b) { const Key k = Key(); return FullBox::mint(k, std::move(b)); }

}  // namespace
}  // namespace svc
