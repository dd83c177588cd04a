// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

namespace svc {
namespace {

ostd::Result<int> half(int n) {
  if (n % 2) return ostd::Err(ostd::Errc::invalid_argument);
  return n / 2;
}
ostd::Result<int> quarter(int n) { const int h = TRY(half(n)); return TRY(half(h)); }

}  // namespace
}  // namespace svc
