// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

template <class T> ostd::Cap<T, ostd::Rights<T>::all()> f(ostd::Ref<T> b) { return ostd::Cap<T, ostd::Rights<T>::all()>::mint(typename T::MintKey(), std::move(b)); }
FullBox g(ostd::Ref<Box> b) { return f<Box>(std::move(b)); }

}  // namespace
}  // namespace svc
