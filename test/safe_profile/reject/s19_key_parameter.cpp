// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

FullBox f(const ostd::RootKey& k, ostd::Ref<Box> b) { return FullBox::mint(k, std::move(b)); }

}  // namespace
}  // namespace svc
