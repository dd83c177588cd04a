// SPDX-License-Identifier: MPL-2.0
// ostd/user_io.h: Reader and Writer as streams, and single calls that change or look at user memory.
#include "mem_space.h"

using namespace ostd;
using contract::kBase, contract::kLazyPages, contract::kR, contract::kRW, contract::Space;

namespace {
constexpr VirtAddr kEnd = kBase + kLazyPages * kPageSize;

// Stacks are small.
Vec<u8> bytes_of(usize n) { return Vec<u8>::filled(n, 0xee); }
void count_up(std::span<u8> bytes) {
  for (usize i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<u8>(i * 3 + 1);
}
bool counts_up(std::span<const u8> bytes, usize from = 0) {
  for (usize i = 0; i < bytes.size(); ++i)
    if (bytes[i] != static_cast<u8>((i + from) * 3 + 1)) return false;
  return true;
}
bool all_zero(std::span<const u8> bytes) {
  for (const u8 b : bytes)
    if (b != 0) return false;
  return true;
}
}  // namespace

TEST_CASE("a reader of one piece goes forward as it is read, skipped and limited") {
  const Space s = Space::make();
  Vec<u8> out = bytes_of(6000);
  count_up(out.items());
  REQUIRE(user::write_bytes(*s.as, kBase + 50, out.items()).ok());
  Reader r = Reader::user(*s.as, kBase + 50, out.size());
  CHECK(r.remaining() == 6000);
  Vec<u8> in = bytes_of(2000);
  CHECK(r.read(in.items()).value() == 2000);
  CHECK(counts_up(in.items()));
  CHECK(r.skip(1000).value() == 1000);
  CHECK(r.read(in.items()).value() == 2000);
  CHECK(counts_up(in.items(), 3000));
  CHECK(r.remaining() == 1000);
  r.limit(100);
  r.limit(500);  // never more again
  CHECK(r.remaining() == 100);
  CHECK(r.read(in.items()).value() == 100);
  CHECK(r.read(in.items()).value() == 0);
  CHECK(r.skip(5).value() == 0);
}

TEST_CASE("a writer of one piece goes forward as it is written, zeroed and limited") {
  const Space s = Space::make();
  Vec<u8> out = bytes_of(3000);
  count_up(out.items());
  Writer w = Writer::user(*s.as, kBase + 4000, 5000);
  CHECK(w.remaining() == 5000);
  CHECK(w.write(out.items()).value() == 3000);
  CHECK(w.fill_zero(1000).value() == 1000);
  w.limit(700);
  CHECK(w.remaining() == 700);
  CHECK(w.write(out.items()).value() == 700);
  CHECK(w.write(out.items()).value() == 0);
  Vec<u8> in = bytes_of(4700);
  REQUIRE(user::read_bytes(*s.as, kBase + 4000, in.items()).ok());
  CHECK(counts_up(in.items().first(3000)));
  CHECK(all_zero(in.items().subspan(3000, 1000)));
  CHECK(counts_up(in.items().subspan(4000, 700)));
}

TEST_CASE("readers and writers of buffers behave as those of user memory") {
  Vec<u8> bytes = bytes_of(100), in = bytes_of(60);
  count_up(bytes.items());
  Reader r = Reader::buffer(bytes.items());
  CHECK(r.prefault(100).ok());
  CHECK(r.skip(10).value() == 10);
  CHECK(r.read(in.items()).value() == 60);
  CHECK(counts_up(in.items(), 10));
  CHECK(r.remaining() == 30);
  CHECK(r.read(in.items()).value() == 30);
  u8 target[40] = {9, 9, 9};
  Writer w = Writer::buffer(target);
  CHECK(w.prefault(40).ok());
  CHECK(w.fill_zero(3).value() == 3);
  CHECK(w.write(bytes.items()).value() == 37);
  CHECK(w.remaining() == 0);
  CHECK(all_zero({target, 3}));
  CHECK(counts_up({target + 3, 37}));
}

TEST_CASE("streams stop before a bad address and fail when nothing could be copied") {
  const Space s = Space::make();
  Vec<u8> bytes = bytes_of(5000);
  count_up(bytes.items());
  Writer w = Writer::user(*s.as, kEnd - 1000, 5000);
  CHECK(w.write(bytes.items()).value() == 1000);
  CHECK(w.write(bytes.items()).error() == Errc::fault);
  CHECK(w.fill_zero(1).error() == Errc::fault);
  Reader r = Reader::user(*s.as, kEnd - 1000, 5000);
  CHECK(r.read(bytes.items()).value() == 1000);
  CHECK(counts_up(bytes.items().first(1000)));
  CHECK(r.read(bytes.items()).error() == Errc::fault);
  const IoSlice endless[] = {{kBase, SIZE_MAX}, {kBase, SIZE_MAX}};
  Reader huge = Reader::user_vec(*s.as, endless);
  CHECK(huge.remaining() == SIZE_MAX);
  CHECK(huge.skip(kLazyPages * kPageSize).value() == kLazyPages * kPageSize);
  CHECK(huge.read(bytes.items()).error() == Errc::fault);
}

TEST_CASE("prefault makes what comes next present and does not go forward") {
  const Space s = Space::make();
  Writer w = Writer::user(*s.as, kBase + 10, 3 * kPageSize);
  CHECK(w.prefault(2 * kPageSize).ok());
  CHECK(s.as->mapped_pages() == 3);
  CHECK(w.remaining() == 3 * kPageSize);
  const u32 faults = s.pager->faults.load();
  CHECK(w.fill_zero(2 * kPageSize).ok());
  CHECK(s.pager->faults.load() == faults);
  Reader r = Reader::user(*s.as, kBase + 4 * kPageSize, kPageSize);
  CHECK(r.prefault(1).ok());
  CHECK(s.as->mapped_pages() == 4);
  // A part of it is enough: what follows is short then.
  CHECK(Reader::user(*s.as, kEnd - 1, 10).prefault(10).ok());
  CHECK(Reader::user(*s.as, kEnd, 10).prefault(10).error() == Errc::fault);
}

TEST_CASE("streams copy straight into frames and out of them") {
  const Space s = Space::make();
  const UFrame f = UFrame::alloc();
  Vec<u8> bytes = bytes_of(5000);
  Vec<u8> in = bytes_of(5000);
  count_up(bytes.items());
  REQUIRE(user::write_bytes(*s.as, kBase, bytes.items()).ok());
  Reader r = Reader::user(*s.as, kBase, 5000);
  CHECK(r.read_to(f, 96, 4000).value() == 4000);
  CHECK(r.remaining() == 1000);
  f.read(96, in.items().first(4000));
  CHECK(counts_up(in.items().first(4000)));
  f.zero(96, 1000);
  f.read(0, in.items().first(1096));
  CHECK(all_zero(in.items().first(1096)));
  Writer w = Writer::user(*s.as, kBase + 3 * kPageSize, 3000);
  CHECK(w.write_from(f, 1096, 3000).value() == 3000);
  REQUIRE(user::read_bytes(*s.as, kBase + 3 * kPageSize, in.items().first(3000)).ok());
  CHECK(counts_up(in.items().first(3000), 1000));
  CHECK(Reader::user(*s.as, kEnd, 10).read_to(f, 0, 10).error() == Errc::fault);
}

TEST_CASE("zeroing user memory is all or a fault") {
  const Space s = Space::make();
  Vec<u8> bytes = bytes_of(9000);
  Vec<u8> in = bytes_of(9000);
  count_up(bytes.items());
  REQUIRE(user::write_bytes(*s.as, kBase, bytes.items()).ok());
  CHECK(user::zero_bytes(*s.as, kBase + 1000, 7000).ok());
  REQUIRE(user::read_bytes(*s.as, kBase, in.items()).ok());
  CHECK(counts_up(in.items().first(1000)));
  CHECK(all_zero(in.items().subspan(1000, 7000)));
  CHECK(counts_up(in.items().subspan(8000, 1000), 8000));
  CHECK(user::zero_bytes(*s.as, kEnd - 10, 11).error() == Errc::fault);
  CHECK(user::zero_bytes(*s.as, kEnd, 0).ok());
}

TEST_CASE("arrays of values are read and written whole") {
  const Space s = Space::make();
  const u32 values[] = {1, 2, 3, 0xffff'ffff};
  CHECK(user::write_array<u32>(*s.as, kBase + 4090, values).ok());
  const Result<Vec<u32>> read = user::read_array<u32>(*s.as, kBase + 4090, 4);
  REQUIRE(read.ok());
  CHECK(read.value()[0] == 1);
  CHECK(read.value()[3] == 0xffff'ffff);
  CHECK(user::read_array<u64>(*s.as, kEnd - 8, 2).error() == Errc::fault);
  CHECK(user::read_array<u64>(*s.as, kEnd, 0).ok());
}

TEST_CASE("the frame behind an address is the one that is mapped there") {
  const Space s = Space::make();
  const Result<user::FrameAt> at = user::frame_at(*s.as, kBase + 100, Access::write);
  REQUIRE(at.ok());
  CHECK(at.value().offset == 100);
  CHECK(Cursor(*s.as, {kBase, kBase + kPageSize}).query(kBase)->frame.same(at.value().frame));
  CHECK(at.value().frame.share_count() == 2);
  REQUIRE(user::write<u32>(*s.as, kBase + 100, 0x1234).ok());
  u8 b[2];
  at.value().frame.read(100, b);
  CHECK(b[0] == 0x34);
  CHECK(user::frame_at(*s.as, kEnd, Access::read).error() == Errc::fault);
}
