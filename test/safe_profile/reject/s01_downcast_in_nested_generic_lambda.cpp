// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct B { virtual ~B() = default; };
struct D final : B { int x = 0; };
int f(B& b) {
  return [](auto& u) { return [](auto& v) { return static_cast<D&>(v).x; }(u); }(b);
}

}  // namespace
}  // namespace svc
