// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

template <class T> T make() { return T(); }
FullBox f(ostd::Ref<Box> b) { return FullBox::mint(make<typename Box::MintKey>(), std::move(b)); }

}  // namespace
}  // namespace svc
