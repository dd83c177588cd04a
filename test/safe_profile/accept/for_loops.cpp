// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

int f(const ostd::Vec<int>& v) {
  int t = 0;
  for (ostd::usize i = 0; i < v.size(); ++i) t += v[i];
  for (int x : v.items()) t += x;
  for (int x : {1, 2, 3}) t += x;
  return t;
}

}  // namespace
}  // namespace svc
