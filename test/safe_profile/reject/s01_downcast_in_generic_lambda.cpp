// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct B { virtual ~B() = default; };
struct D final : B { int x = 0; };
int f(B& b) {
  return [](auto& u) { return static_cast<D&>(u).x; }(b);
}

}  // namespace
}  // namespace svc
