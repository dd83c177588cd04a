// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <base/vec.h>
#include <utility>

namespace svc {
namespace {

void f(ostd::Vec<ostd::String>& from, ostd::Vec<ostd::String>& to) { for (ostd::String& s : from.items()) to.push_back(std::move(s)); }

}  // namespace
}  // namespace svc
