// SPDX-License-Identifier: MPL-2.0
#include <base/cap.h>
#include <unit.h>

using namespace ostd;

namespace {
class Box;
namespace box {
inline constexpr auto read = Rights<Box>::bit(0), write = Rights<Box>::bit(1);
}

class Box final : public RefCounted {
 public:
  using MintKey = RootKey;
  struct Calls {
    int get(this const Permits<box::read> auto& self) { return self->value_.load(); }
    void set(this const Permits<box::write> auto& self, int v) { self->value_.store(v); }
  };
  int id() const { return 7; }

 private:
  Atomic<int> value_{1};
  test::Tracked count_;
};

template <Rights<Box> R> Cap<Box, R> mint() { return Cap<Box, R>::mint(RootKey(), make_ref<Box>()); }
int read_it(CapRef<Box, box::read> b) { return b.get(); }

template <class C> concept CanGet = requires(C c) { c.get(); };
template <class C> concept CanSet = requires(C c) { c.set(1); };
template <class C> concept CanDup = requires(C c) { c.dup(); };

constexpr auto rw = box::read | box::write;
static_assert(CanGet<Cap<Box, box::read>> && !CanSet<Cap<Box, box::read>>);
static_assert(CanGet<CapRef<Box, box::read>> && !CanSet<CapRef<Box, box::read>> && CanSet<CapRef<Box, rw>>);
static_assert(CanDup<Cap<Box, box::read | kDup>> && !CanDup<Cap<Box, rw>> && !CanDup<CapRef<Box, Rights<Box>::all()>>);
static_assert(!std::is_copy_constructible_v<Cap<Box, Rights<Box>::all()>> && !std::is_copy_assignable_v<Cap<Box, Rights<Box>::all()>>);
static_assert(std::is_convertible_v<Cap<Box, rw>, Cap<Box, box::read>> && !std::is_constructible_v<Cap<Box, rw>, Cap<Box, box::read>>);
static_assert(!std::is_assignable_v<Cap<Box, rw>&, Cap<Box, box::read>>);
static_assert(std::is_convertible_v<const Cap<Box, rw>&, CapRef<Box, box::write>>);
static_assert(!std::is_constructible_v<CapRef<Box, rw>, CapRef<Box, box::read>> && !std::is_constructible_v<CapRef<Box, rw>, const Cap<Box, box::read>&>);
static_assert(!std::is_constructible_v<CapRef<Box, box::read>, const Box&> && !std::is_constructible_v<Cap<Box, box::read>, Ref<Box>>);
static_assert(!std::is_copy_constructible_v<DynCap<Box>> && !std::is_constructible_v<DynCap<Box>, Ref<Box>, Rights<Box>>);
static_assert(sizeof(CapRef<Box, rw>) == sizeof(Box*) && std::is_trivially_copyable_v<CapRef<Box, rw>> && sizeof(Cap<Box, rw>) == sizeof(Ref<Box>));
}  // namespace

TEST_CASE("A capability is used with the rights it has, and narrows by itself", "[cap]") {
  Cap<Box, rw> all = mint<rw>();
  all.set(5);
  CHECK(read_it(all) == 5);
  CHECK(all->id() == 7);
  const CapRef<Box, rw> borrow = all;
  CHECK(read_it(borrow) == 5);
  const Cap<Box, box::read> less = std::move(all);
  CHECK(less.get() == 5);
  CHECK_PANICS(all.get());
}

TEST_CASE("A duplicate is the same object and keeps it alive", "[cap]") {
  {
    Opt<Cap<Box, rw | kDup>> first(mint<rw | kDup>());
    const Cap<Box, box::read> second = first->dup();
    first->set(9);
    first.reset();
    CHECK(test::Tracked::alive == 1);
    CHECK(second.get() == 9);
  }
  CHECK(test::Tracked::alive == 0);
}

TEST_CASE("Rights known at run time are checked once and give static ones", "[cap]") {
  DynCap<Box> file = DynCap<Box>::mint(RootKey(), make_ref<Box>(), box::read | kDup);
  CHECK(file.allows(box::read));
  CHECK(!file.allows(rw));
  CHECK(read_it(file.as<box::read>().value()) == 1);
  CHECK(file.as<box::write>().error() == Errc::not_permitted);
  CHECK(file.as<rw>(Errc::bad_descriptor).error() == Errc::bad_descriptor);
  DynCap<Box> second = file.dup().value();
  CHECK(second->ref_count() == 2);
  CHECK(file.share<box::read>().value().get() == 1);
  CHECK(file.share<box::write>(Errc::bad_descriptor).error() == Errc::bad_descriptor);
  CHECK(file.ref()->id() == 7);
  DynCap<Box> only_read = std::move(second).narrow(rw);
  CHECK(only_read.allows(box::read));
  CHECK(!only_read.allows(box::write));
  CHECK(only_read.share<box::read>().error() == Errc::not_permitted);
  CHECK(only_read.dup().error() == Errc::not_permitted);
  CHECK(std::move(only_read).into<box::write>().error() == Errc::not_permitted);
  const Cap<Box, box::read> fixed = std::move(only_read).into<box::read>().value();
  CHECK(fixed.get() == 1);
}

TEST_CASE("A static capability keeps its rights when it becomes a dynamic one", "[cap]") {
  const DynCap<Box> d = mint<box::write>();
  CHECK(d.allows(box::write));
  CHECK(!d.allows(box::read));
  CHECK(!d.allows(kDup));
}

TEST_CASE("A weak capability gives its rights as long as the object is there, and does not keep it", "[cap]") {
  Opt<Cap<Box, rw | kDup>> owner(mint<rw | kDup>());
  const WeakCap<Box> weak(DynCap<Box>(owner->dup()).narrow(box::read));
  {
    const Opt<DynCap<Box>> held = weak.lock();
    REQUIRE(held.has_value());
    CHECK(held->as<box::read>().value().get() == 1);
    CHECK(!held->allows(box::write));
    CHECK(held->dup().error() == Errc::not_permitted);
  }
  owner.reset();
  CHECK(test::Tracked::alive == 0);
  CHECK(!weak.lock());
}
