// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

namespace svc {
namespace {

ostd::Status check(int n) { if (n < 0) return ostd::Errc::invalid_argument; return ostd::Ok(); }
ostd::Status f(int n) { TRY(check(n)); return check(n + 1); }

}  // namespace
}  // namespace svc
