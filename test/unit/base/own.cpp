// SPDX-License-Identifier: MPL-2.0
#include <base/fn.h>
#include <base/own.h>
#include <base/result.h>
#include <unit.h>

using namespace ostd;

namespace {
struct Base : RefCounted {
  virtual int id() const { return 0; }
};
struct A final : Base {
  explicit A(int x) : v(x) {}
  int id() const override { return v; }
  test::Tracked v_count;
  int v;
};
struct B final : Base {};
}  // namespace

TEST_CASE("The last Ref destroys, the last Weak frees", "[own]") {
  Weak<A> w;
  {
    Ref<A> a = make_ref<A>(1);
    Ref<Base> b = a;
    w = Weak<A>(a);
    CHECK(a->ref_count() == 2);
    Ref<A> c = std::move(a);
    CHECK(c->ref_count() == 2);
    CHECK_PANICS(a->v);
    CHECK((*w.lock())->v == 1);
    CHECK(ref_of(*c).same(c));
    CHECK(test::Tracked::alive == 1);
  }
  CHECK(test::Tracked::alive == 0);
  CHECK(!w.lock().has_value());
}

TEST_CASE("Ref::as finds the exact type only", "[own]") {
  Ref<Base> a = make_ref<A>(5);
  CHECK(a.is<A>());
  CHECK(!a.is<B>());
  CHECK((*a.as<A>())->v == 5);
  CHECK(!a.as<B>().has_value());
  CHECK(a->ref_count() == 1);
}

TEST_CASE("ref_of refuses an object that no Ref owns", "[own]") {
  A on_stack(1);
  CHECK_PANICS(ref_of(on_stack));
}

TEST_CASE("A moved-from Own panics", "[own]") {
  Own<int> a = make_own<int>(1);
  Own<int> b = std::move(a);
  CHECK(*b == 1);
  CHECK_PANICS(*a);
}

TEST_CASE("Opt and Result refuse to read what is not there", "[own]") {
  Opt<int> o;
  CHECK_PANICS(*o);
  o = 3;
  CHECK(*o == 3);
  CHECK(*o.take() == 3);
  CHECK(!o.has_value());
  const Result<int> r = Errc::io;
  CHECK(r.error() == Errc::io);
  CHECK_PANICS(r.value());
}

TEST_CASE("TRY returns the error", "[own]") {
  const auto inner = [](bool good) -> Result<int> { if (good) return 4; return Errc::busy; };
  const auto outer = [&](bool good) -> Result<int> { const int v = TRY(inner(good)); return v + 1; };
  CHECK(outer(true).value() == 5);
  CHECK(outer(false).error() == Errc::busy);
}

TEST_CASE("Fn owns its callable", "[own]") {
  {
    Fn<int(int)> f = [t = test::Tracked(2)](int x) { return x + t.v; };
    Fn<int(int)> g = std::move(f);
    CHECK(g(3) == 5);
    CHECK_PANICS(f(1));
    g = Fn<int(int)>();
    CHECK_PANICS(g(1));
  }
  CHECK(test::Tracked::alive == 0);
}
