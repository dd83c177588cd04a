// SPDX-License-Identifier: MPL-2.0
// ostd/address_space.h and ostd/user_io.h as the OS sees them; what user code sees is in mem_user_mode.cpp.
#include "mem_space.h"

using namespace ostd;
using contract::kBase, contract::kRW, contract::Space;

TEST_CASE("user memory is written and read across pages, faulting them in") {
  const Space s = Space::make();
  Vec<u8> out;
  for (u32 i = 0; i < 9000; ++i) out.push_back(static_cast<u8>(i * 7));
  REQUIRE(user::write_bytes(*s.as, kBase + 100, out.items()).ok());
  CHECK(s.pager->faults.load() == 3);
  Vec<u8> in = Vec<u8>::filled(9000, 0);
  REQUIRE(user::read_bytes(*s.as, kBase + 100, in.items()).ok());
  CHECK(in == out);
  CHECK(s.as->mapped_pages() == 3);
}

TEST_CASE("addresses that no user can have are faults") {
  const Space s = Space::make();
  for (const u64 at : {0ULL, 0x7fff'f000'0000ULL - 4, 0x7fff'f000'0000ULL, 0x8000'0000'0000ULL, 0xffff'8000'0000'0000ULL, ~0ULL - 6}) {
    CHECK(user::read<u64>(*s.as, VirtAddr{at}).error() == Errc::fault);
    CHECK(user::write<u64>(*s.as, VirtAddr{at}, 1).error() == Errc::fault);
    CHECK(user::read_string(*s.as, VirtAddr{at}, 10).error() == Errc::fault);
  }
}

TEST_CASE("a string is read up to its NUL") {
  const Space s = Space::make();
  const u8 text[] = {'h', 'e', 'l', 'l', 'o', 0};
  REQUIRE(user::write_bytes(*s.as, kBase + 4093, text).ok());
  CHECK(user::read_string(*s.as, kBase + 4093, 100).value() == "hello");
  CHECK(user::read_string(*s.as, kBase + 4093, 4).error() == Errc::name_too_long);
}

TEST_CASE("user words are compared and exchanged") {
  const Space s = Space::make();
  CHECK(user::exchange_u32(*s.as, kBase, 5).value() == 0);
  CHECK(user::compare_exchange_u32(*s.as, kBase, 4, 6).value() == 5);
  CHECK(user::compare_exchange_u32(*s.as, kBase, 5, 6).value() == 5);
  CHECK(user::load_u32(*s.as, kBase).value() == 6);
  CHECK(user::load_u32(*s.as, kBase + 2).error() == Errc::invalid_argument);
}

TEST_CASE("pieces of user memory are one stream") {
  const Space s = Space::make();
  const IoSlice pieces[] = {{kBase + 4090, 10}, {kBase + 100, 0}, {kBase + 20000, 6}};
  Writer w = Writer::user_vec(*s.as, pieces);
  u8 out[16];
  for (u32 i = 0; i < 16; ++i) out[i] = static_cast<u8>(i + 1);
  CHECK(w.write(out).value() == 16);
  Reader r = Reader::user_vec(*s.as, pieces);
  u8 in[32] = {};
  CHECK(r.read(in).value() == 16);
  CHECK(in[0] == 1);
  CHECK(in[15] == 16);
  CHECK(user::read<u8>(*s.as, kBase + 20005).value() == 16);
}

TEST_CASE("a mapped frame is freed when its address space is gone") {
  const usize before = [] { mem::unreserve(); return mem::stats().free_pages; }();
  REQUIRE(mem::reserve(64).ok());
  const UFrame f = UFrame::alloc();
  {
    const Space s = Space::make();
    Cursor(*s.as, {kBase, kBase + kPageSize}).map(kBase, f, kRW);
    CHECK(f.share_count() == 2);
    REQUIRE(user::write<u64>(*s.as, kBase, 77).ok());
  }
  CHECK(f.share_count() == 1);
  u8 b[8];
  f.read(0, b);
  CHECK(b[0] == 77);
  mem::unreserve();
  CHECK(mem::stats().free_pages + 100 >= before);
}
