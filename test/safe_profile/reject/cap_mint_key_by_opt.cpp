// expect: S19 +
// SPDX-License-Identifier: MPL-2.0
#include <base/opt.h>
#include <boot/resource.h>

namespace svc {
namespace {

FullBox f(ostd::Ref<Box> b) {
  ostd::Opt<Box::MintKey> key{};
  key = ostd::Opt<Box::MintKey>(Box::MintKey());
  return FullBox::mint(*key, std::move(b));
}

}  // namespace
}  // namespace svc
