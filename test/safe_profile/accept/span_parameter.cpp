// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

int sum(std::span<const int> s) {
  int t = 0;
  for (int x : s) t += x;
  return t + s[0] + s.first(1)[0];
}

}  // namespace
}  // namespace svc
