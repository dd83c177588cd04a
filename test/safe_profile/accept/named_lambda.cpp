// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

int f(const ostd::Vec<int>& v, int limit) {
  const auto fits = [&](int n) { return n < limit; };
  int t = 0;
  for (int x : v) t += fits(x) ? x : 0;
  return t;
}

}  // namespace
}  // namespace svc
