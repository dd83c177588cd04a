// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <base/own.h>
#include <utility>

namespace svc {
namespace {

ostd::Fn<int()> f(ostd::Own<int> o) { return [o = std::move(o)] { return *o; }; }

}  // namespace
}  // namespace svc
