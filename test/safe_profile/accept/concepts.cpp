// SPDX-License-Identifier: MPL-2.0
#include <concepts>

namespace svc {
namespace {

template <class T> concept Named = requires(const T& t) { { t.id() } -> std::same_as<int>; };
struct S { int id() const { return 1; } };
template <Named T> int f(const T& t) { return t.id(); }
int g() { return f(S{}); }

}  // namespace
}  // namespace svc
