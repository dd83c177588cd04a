// SPDX-License-Identifier: MPL-2.0
#include <type_traits>

namespace svc {
namespace {

template <class T> int f(T t) { if constexpr (std::is_integral_v<T>) return static_cast<int>(t); else return 0; }
int g() { return f(1L); }

}  // namespace
}  // namespace svc
