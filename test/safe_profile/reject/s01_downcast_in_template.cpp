// expect: S1
// SPDX-License-Identifier: MPL-2.0
namespace svc {
namespace {

struct B { virtual ~B() = default; };
struct D final : B { int x = 0; };
template <class T, class U> int get(U& u) { return static_cast<T&>(u).x; }
int f(B& b) { return get<D>(b); }

}  // namespace
}  // namespace svc
