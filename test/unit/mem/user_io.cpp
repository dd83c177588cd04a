// SPDX-License-Identifier: MPL-2.0
#include <cstring>
#include <machine.h>
#include <ostd/user_io.h>
#include <unit.h>

using namespace ostd;

namespace {

constexpr VirtAddr kBase{0x7000'0000};
constexpr Prot kR{true, false, false}, kRW{true, true, false};

// Maps pages on demand inside [kBase, kBase+limit).
struct Pager final : FaultHandler {
  explicit Pager(const AddressSpace& space) : as(space) {}
  const AddressSpace& as;
  mutable u32 faults = 0;
  mutable u64 limit = 16 * kPageSize;
  mutable bool lies = false;
  Status handle_fault(VirtAddr at, Access access) const override {
    ++faults;
    if (lies) return Ok();
    if (at < kBase || at >= kBase + limit) return Err(Errc::fault);
    Cursor c(as, {at, at + kPageSize});
    if (c.query(at)) c.protect({at, at + kPageSize}, kRW);
    else c.map(at, UFrame::alloc(), access == Access::write ? kRW : kR);
    return Ok();
  }
};

struct Space {
  fake::OnCpu cpu;
  Ref<AddressSpace> as = AddressSpace::create().value();
  Ref<Pager> pager = make_ref<Pager>(*as);
  Space() { as->set_fault_handler(Ref<FaultHandler>(pager)); }
};

std::vector<u8> pattern(usize n) {
  std::vector<u8> v(n);
  for (usize i = 0; i < n; ++i) v[i] = static_cast<u8>(i * 7 + i / 251);
  return v;
}

}  // namespace

TEST_CASE("bytes written to user memory are read back, across pages, faulting them in") {
  Space s;
  const std::vector<u8> out = pattern(3 * 4096 + 77);
  REQUIRE(user::write_bytes(*s.as, kBase + 4000, out).ok());
  CHECK(s.pager->faults == 4);
  std::vector<u8> in(out.size());
  REQUIRE(user::read_bytes(*s.as, kBase + 4000, in).ok());
  CHECK(in == out);
  CHECK(s.pager->faults == 4);
}

TEST_CASE("a page that may only be read is asked for again to be written") {
  Space s;
  CHECK(user::read<u64>(*s.as, kBase).value() == 0);
  CHECK(s.pager->faults == 1);
  CHECK(user::write<u64>(*s.as, kBase, 5).ok());
  CHECK(s.pager->faults == 2);
  CHECK(user::read<u64>(*s.as, kBase).value() == 5);
}

TEST_CASE("wild addresses are faults") {
  Space s;
  for (u64 at : {0UL, 0x1000UL, kUserEnd.value - 4, kUserEnd.value, 0x8000'0000'0000UL, 0xffff'8000'0000'0000UL, ~0UL, ~0UL - 3}) {
    CHECK(user::read<u64>(*s.as, VirtAddr{at}).error() == Errc::fault);
    CHECK(user::write<u64>(*s.as, VirtAddr{at}, 1).error() == Errc::fault);
    CHECK(user::load_u32(*s.as, VirtAddr{at & ~3UL}).error() == Errc::fault);
    CHECK(user::read_string(*s.as, VirtAddr{at}, 100).error() == Errc::fault);
    CHECK(user::frame_at(*s.as, VirtAddr{at}, Access::read).ok() == false);
  }
}

TEST_CASE("without a handler, or with a dead one, what is not mapped is a fault") {
  fake::OnCpu cpu;
  const Ref<AddressSpace> as = AddressSpace::create().value();
  CHECK(user::read<u32>(*as, kBase).error() == Errc::fault);
  { as->set_fault_handler(Ref<FaultHandler>(make_ref<Pager>(*as))); }
  CHECK(user::read<u32>(*as, kBase).error() == Errc::fault);
}

TEST_CASE("a handler that says yes and maps nothing does not hang the copy") {
  Space s;
  s.pager->lies = true;
  CHECK(user::read<u32>(*s.as, kBase).error() == Errc::fault);
  CHECK(user::frame_at(*s.as, kBase, Access::write).error() == Errc::fault);
}

TEST_CASE("copies set accessed and dirty") {
  Space s;
  { Cursor(*s.as, {kBase, kBase + kPageSize}).map(kBase, UFrame::alloc(), kRW); }
  {
    Cursor c(*s.as, {kBase, kBase + kPageSize});
    c.clean(kBase);
    c.clear_accessed(kBase);
  }
  REQUIRE(user::read<u8>(*s.as, kBase).ok());
  {
    const Opt<Mapping> m = Cursor(*s.as, {kBase, kBase + kPageSize}).query(kBase);
    CHECK(m->accessed);
    CHECK_FALSE(m->dirty);
  }
  REQUIRE(user::write<u8>(*s.as, kBase, 1).ok());
  { CHECK(Cursor(*s.as, {kBase, kBase + kPageSize}).query(kBase)->dirty); }
}

TEST_CASE("strings end at their NUL and need nothing behind it") {
  Space s;
  s.pager->limit = kPageSize;
  const auto put = [&](VirtAddr at, std::string_view text) {
    REQUIRE(user::write_bytes(*s.as, at, {reinterpret_cast<const u8*>(text.data()), text.size()}).ok());
  };
  put(kBase + 4090, std::string_view("hello\0", 6));
  CHECK(user::read_string(*s.as, kBase + 4090, 100).value() == "hello");
  CHECK(user::read_string(*s.as, kBase + 4090, 5).value() == "hello");
  CHECK(user::read_string(*s.as, kBase + 4090, 4).error() == Errc::name_too_long);
  put(kBase + 4090, "abcdef");
  CHECK(user::read_string(*s.as, kBase + 4090, 100).error() == Errc::fault);  // runs off the page
  s.pager->limit = 2 * kPageSize;
  put(kBase + kPageSize, std::string_view("gh\0", 3));
  CHECK(user::read_string(*s.as, kBase + 4090, 100).value() == "abcdefgh");
  std::string long_text(1000, 'x');
  put(kBase + 100, std::string_view(long_text.c_str(), 1001));
  CHECK(user::read_string(*s.as, kBase + 100, 4096).value() == long_text);
  CHECK(user::read_string(*s.as, kBase + 100, 1000).value() == long_text);
  CHECK(user::read_string(*s.as, kBase + 100, 999).error() == Errc::name_too_long);
  CHECK(user::read_string(*s.as, kBase + 1100, 0).value().empty());
}

TEST_CASE("arrays are read and written whole") {
  Space s;
  struct Pair { u32 a; u32 b; bool operator==(const Pair&) const = default; };
  std::vector<Pair> out;
  for (u32 i = 0; i < 1500; ++i) out.push_back({i, ~i});
  REQUIRE(user::write_array<Pair>(*s.as, kBase + 8, out).ok());
  const Result<Vec<Pair>> in = user::read_array<Pair>(*s.as, kBase + 8, out.size());
  REQUIRE(in.ok());
  bool same = in.value().size() == out.size();
  for (usize i = 0; same && i < out.size(); ++i) same = in.value()[i] == out[i];
  CHECK(same);
  CHECK(user::read_array<Pair>(*s.as, kBase, SIZE_MAX).error() == Errc::fault);
}

TEST_CASE("atomic words exchange, compare, and want alignment") {
  Space s;
  CHECK(user::exchange_u32(*s.as, kBase + 8, 42).value() == 0);
  CHECK(user::load_u32(*s.as, kBase + 8).value() == 42);
  CHECK(user::compare_exchange_u32(*s.as, kBase + 8, 41, 7).value() == 42);
  CHECK(user::load_u32(*s.as, kBase + 8).value() == 42);
  CHECK(user::compare_exchange_u32(*s.as, kBase + 8, 42, 7).value() == 42);
  CHECK(user::load_u32(*s.as, kBase + 8).value() == 7);
  CHECK(user::load_u32(*s.as, kBase + 9).error() == Errc::invalid_argument);
}

TEST_CASE("a reader takes what is there and stops at the bad address") {
  Space s;
  s.pager->limit = 2 * kPageSize;
  const std::vector<u8> out = pattern(2 * 4096);
  REQUIRE(user::write_bytes(*s.as, kBase, out).ok());
  Reader r = Reader::user(*s.as, kBase + 100, 10000);
  std::vector<u8> in(3000);
  CHECK(r.read(in).value() == 3000);
  CHECK(std::memcmp(in.data(), out.data() + 100, 3000) == 0);
  CHECK(r.remaining() == 7000);
  CHECK(r.skip(92).value() == 92);
  in.resize(8000);
  CHECK(r.read(in).value() == 5000);
  CHECK(std::memcmp(in.data(), out.data() + 3192, 5000) == 0);
  CHECK(r.read(in).error() == Errc::fault);
  r.limit(10);
  CHECK(r.remaining() == 10);
}

TEST_CASE("pieces are read in order, empty ones skipped, a bad one ends it") {
  Space s;
  const std::vector<u8> out = pattern(4 * 4096);
  REQUIRE(user::write_bytes(*s.as, kBase, out).ok());
  const IoSlice slices[] = {{kBase + 10, 5}, {VirtAddr{1}, 0}, {kBase + 4090, 20}, {VirtAddr{8}, 4}, {kBase, 4}};
  Reader r = Reader::user_vec(*s.as, slices);
  CHECK(r.remaining() == 33);
  u8 in[64] = {};
  CHECK(r.read({in, 3}).value() == 3);
  CHECK(r.read({in + 3, 40}).value() == 22);
  CHECK(std::memcmp(in, out.data() + 10, 5) == 0);
  CHECK(std::memcmp(in + 5, out.data() + 4090, 20) == 0);
  CHECK(r.read(in).error() == Errc::fault);
}

TEST_CASE("a writer fills pieces, frames and zeros") {
  Space s;
  const IoSlice slices[] = {{kBase + 4000, 200}, {kBase + 9000, 5000}};
  Writer w = Writer::user_vec(*s.as, slices);
  const UFrame f = UFrame::alloc();
  f.write(0, pattern(4096));
  CHECK(w.write_from(f, 96, 4000).value() == 4000);
  CHECK(w.fill_zero(100).value() == 100);
  CHECK(w.write(pattern(10)).value() == 10);
  CHECK(w.remaining() == 1090);
  std::vector<u8> in(5000);
  REQUIRE(user::read_bytes(*s.as, kBase + 9000, in).ok());
  const std::vector<u8> p = pattern(4096);
  CHECK(std::memcmp(in.data(), p.data() + 296, 3800) == 0);
  CHECK(in[3850] == 0);
  CHECK(in[3900 + 9] == pattern(10)[9]);
  CHECK_PANICS((void)w.write_from(f, 4000, 97));
  Reader r = Reader::user(*s.as, kBase + 4000, 200);
  const UFrame g = UFrame::alloc();
  CHECK(r.read_to(g, 3000, 1000).value() == 200);
  u8 one[1];
  g.read(3000 + 199, one);
  CHECK(one[0] == p[96 + 199]);
}

TEST_CASE("prefault makes pages present and does not move the cursor") {
  Space s;
  s.pager->limit = 3 * kPageSize;
  Writer w = Writer::user(*s.as, kBase + 4000, 100000);
  CHECK(w.prefault(5000).ok());
  CHECK(s.pager->faults == 3);
  CHECK(w.remaining() == 100000);
  CHECK(w.prefault(100000).ok());  // the copy will be short
  CHECK(Writer::user(*s.as, VirtAddr{16}, 1).prefault(1).error() == Errc::fault);
  CHECK(Reader::buffer({}).prefault(1).ok());
}

TEST_CASE("buffers of the OS are read and written like user memory") {
  fake::OnCpu cpu;
  const std::vector<u8> out = pattern(100);
  Reader r = Reader::buffer(out);
  u8 in[60];
  CHECK(r.skip(10).value() == 10);
  CHECK(r.read(in).value() == 60);
  CHECK(std::memcmp(in, out.data() + 10, 60) == 0);
  CHECK(r.read(in).value() == 30);
  CHECK(r.read(in).value() == 0);
  std::vector<u8> room(50);
  Writer w = Writer::buffer(room);
  CHECK(w.write(out).value() == 50);
  CHECK(std::memcmp(room.data(), out.data(), 50) == 0);
}

TEST_CASE("frame_at gives the frame behind an address, of folios too") {
  Space s;
  const Opt<UFrame> folio = UFrame::alloc_folio(2);
  { Cursor(*s.as, {kBase, kBase + 4 * kPageSize}).map(kBase, *folio, kRW); }
  const Result<user::FrameAt> at = user::frame_at(*s.as, kBase + 2 * kPageSize + 40, Access::write);
  REQUIRE(at.ok());
  CHECK(at.value().frame.same(*folio));
  CHECK(at.value().offset == 2 * kPageSize + 40);
  CHECK(folio->share_count() == 6);
}

TEST_CASE("user memory may not be touched while a guard is held") {
  Space s;
  REQUIRE(user::write<u32>(*s.as, kBase, 1).ok());
  Cursor c(*s.as, {kBase + kPageSize, kBase + 2 * kPageSize});
  CHECK_PANICS((void)user::read<u32>(*s.as, kBase));
}

TEST_CASE("a boot blob is read in pieces and is gone after release") {
  fake::OnCpu cpu;
  static u8 room[10000];  // not memory of the machine, as a file that the host has mapped
  const std::vector<u8> bytes = pattern(10000);
  std::memcpy(room, bytes.data(), bytes.size());
  const Ref<BootBlob> blob = make_ref<BootBlob>(room, sizeof room);
  std::vector<u8> in(6000);
  CHECK(blob->read(5000, in) == 5000);
  CHECK(std::memcmp(in.data(), bytes.data() + 5000, 5000) == 0);
  CHECK(blob->read(10000, in) == 0);
  CHECK(blob->read(SIZE_MAX, in) == 0);
  blob->release();
  blob->release();
  CHECK(blob->size() == 10000);
  CHECK(blob->read(0, in) == 0);
}

TEST_CASE("a released boot blob becomes free memory") {
  fake::OnCpu cpu;
  const usize before = fake::free_frames(), total = mem::stats().total_pages;
  const u8* hole = target::phys_to_virt(PhysAddr{0x180'0000});  // between the regions of the machine
  const Ref<BootBlob> blob = make_ref<BootBlob>(hole + 10, 0x13000 - 10);
  blob->release();
  CHECK(fake::free_frames() == before + 0x12);
  CHECK(mem::stats().total_pages == total + 0x12);
}
