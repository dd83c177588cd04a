// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/types.h>
#include <base/vec.h>

namespace svc {
namespace {

struct Evil : ostd::Vec<int> { ostd::usize size() const { return 1000; } };
ostd::usize f(Evil& e) { return e.size(); }

}  // namespace
}  // namespace svc
