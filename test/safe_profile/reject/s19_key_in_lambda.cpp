// expect: S19
// SPDX-License-Identifier: MPL-2.0
#include <boot/resource.h>

namespace svc {
namespace {

FullBox f(ostd::Ref<Box> b) {
  const auto how = [](const auto& k, ostd::Ref<Box> o) { return FullBox::mint(k, std::move(o)); };
  return how(Box::MintKey(), std::move(b));
}

}  // namespace
}  // namespace svc
