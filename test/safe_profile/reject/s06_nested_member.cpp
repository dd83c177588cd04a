// expect: S6
// SPDX-License-Identifier: MPL-2.0
#include <span>

namespace svc {
namespace {

struct A { int x = 0; };
template <class T> struct Box { T t; };
struct S { Box<std::span<int>> s; };

}  // namespace
}  // namespace svc
