// expect: S11
// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>

namespace svc {
namespace {

const ostd::Vec<int> v{};

}  // namespace
}  // namespace svc
