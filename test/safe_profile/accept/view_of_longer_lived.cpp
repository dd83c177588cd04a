// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

int f(const ostd::String& a, const ostd::String& b, bool c) { std::string_view v = a.view(); if (c) v = b.view(); return static_cast<int>(v.size()); }

}  // namespace
}  // namespace svc
