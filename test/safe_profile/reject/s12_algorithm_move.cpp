// expect: S12
// SPDX-License-Identifier: MPL-2.0
#include <span>
#include <utility>

#include <base/fn.h>
#include <span>
namespace svc {
namespace {
void f(std::span<int> a, std::span<int> b) { std::move(a.begin(), a.end(), b.begin()); }
}
}
