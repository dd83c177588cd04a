// SPDX-License-Identifier: MPL-2.0
#include <base/byte_order.h>
#include <base/bytes.h>
#include <base/fn.h>
#include <base/static_str.h>
#include <unit.h>

using namespace ostd;

namespace {
struct Pair { u32 a = 0; u32 b = 0; };
struct Padded { u8 a = 0; u32 b = 0; };
struct Name { StaticStr s = "x"; };
int g_int = 0;
[[maybe_unused]] auto g_borrow = [&r = g_int] { return r; };
}  // namespace

TEST_CASE("Only types without padding and borrows are plain data", "[bytes]") {
  static_assert(PlainData<Pair> && PlainData<u64> && PlainData<VirtAddr>);
  static_assert(!PlainData<Padded> && !PlainData<bool> && !PlainData<int*>);
  static_assert(!PlainData<StaticStr> && !PlainData<Name> && !PlainData<std::string_view> && !PlainData<std::span<u8>>);
  static_assert(!PlainData<decltype(g_borrow)> && !PlainData<FnRef<void()>>);
}

TEST_CASE("Values go to bytes and back", "[bytes]") {
  Pair p{1, 0x01020304};
  CHECK(as_bytes(p).size() == 8);
  CHECK(as_bytes(p)[4] == 4);
  CHECK(from_bytes<Pair>(as_bytes(p))->b == p.b);
  CHECK(!from_bytes<Pair>(as_bytes(p).first(7)).has_value());
  as_writable_bytes(p)[0] = 9;
  CHECK(p.a == 9);
  CHECK(text_of(bytes_of("hi")) == "hi");
}

TEST_CASE("Integers are read and written in both byte orders", "[bytes]") {
  u8 b[8] = {};
  store_be<u32>(b, 1, 0x01020304);
  CHECK(b[1] == 1);
  CHECK(b[4] == 4);
  CHECK(load_be<u32>(b, 1) == 0x01020304);
  CHECK(load_le<u32>(b, 1) == 0x04030201);
  store_le<i16>(b, 6, -2);
  CHECK(load_le<i16>(b, 6) == -2);
  CHECK_PANICS(load_le<u16>(b, 7));
  CHECK_PANICS(load_le<u16>(b, SIZE_MAX));
  CHECK_PANICS(store_be<u64>(b, 1, 0));
}
