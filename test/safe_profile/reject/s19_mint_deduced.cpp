// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

template <class K> FullBox make(FullBox (&how)(const K&, ostd::Ref<Box>), ostd::Ref<Box> b) { return how(K(), std::move(b)); }
FullBox f(ostd::Ref<Box> b) { return make(FullBox::mint, std::move(b)); }

}  // namespace
}  // namespace svc
