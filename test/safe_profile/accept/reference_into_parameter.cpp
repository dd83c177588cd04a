// SPDX-License-Identifier: MPL-2.0
#include <base/string.h>
#include <string_view>

namespace svc {
namespace {

struct P { ostd::String name{}; };
void rename(P& p, std::string_view to) { auto& n = p.name; n.clear(); n.append(to); }

}  // namespace
}  // namespace svc
