// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/vec.h>
#include <utility>

namespace svc {
namespace {

void f(ostd::Vec<ostd::String>& v) { std::swap(v[0], v[1]); }

}  // namespace
}  // namespace svc
