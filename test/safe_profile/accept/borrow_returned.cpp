// SPDX-License-Identifier: MPL-2.0
#include <base/vec.h>
#include <string_view>

namespace svc {
namespace {

const int& first(const ostd::Vec<int>& v [[clang::lifetimebound]]) { return v[0]; }
std::string_view rest(std::string_view s [[clang::lifetimebound]]) { return s.substr(1); }
class S { public: const int& first() const [[clang::lifetimebound]] { return v_[0]; } private: ostd::Vec<int> v_{}; };

}  // namespace
}  // namespace svc
