// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct Point { int x = 0; int y = 0; constexpr bool operator==(const Point&) const = default; };
bool f() { Point p{.x = 1, .y = 2}; auto [x, y] = p; return p == Point{x, y}; }

}  // namespace
}  // namespace svc
