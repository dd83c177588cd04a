// SPDX-License-Identifier: MPL-2.0
// mem-bench.elf: what operations of memory management cost. Prints nanoseconds for one; under QEMU's -icount shift=0,sleep=off these
// are instructions. Not a test: nothing is asserted.
#include <base/format.h>
#include <base/vec.h>
#include <ostd/machine.h>
#include <ostd/task.h>
#include <ostd/time.h>
#include <ostd/user_io.h>

using namespace ostd;

namespace {
constexpr VirtAddr kBase{0x10'0000'0000};
constexpr Prot kRW{.read = true, .write = true};
VirtRange pages(u64 first, u64 n) { return {kBase + first * kPageSize, kBase + (first + n) * kPageSize}; }

template <class F>
void measure(CapRef<Console, console::write> to, std::string_view what, u32 rounds, u32 operations, F&& f) {
  f();  // warm
  const Instant begin = time::now();
  for (u32 i = 0; i < rounds; ++i) f();
  const u64 ns = static_cast<u64>((time::now() - begin).ns) / rounds / operations;
  FixedText<120> text;
  format_to(text, "{:>6}  {}\r\n", ns, what);
  const std::string_view v = text.view();
  to.write({reinterpret_cast<const u8*>(v.data()), v.size()});
}
}  // namespace

void ostd::machine_main(Boot boot) {
  const Cap<Console, console::write> out = Cap<Console, console::write>::mint(RootKey(), boot.console);
  OSTD_CHECK(mem::reserve(8000).ok());
  const Ref<AddressSpace> as = MUST(AddressSpace::create());

  measure(out, "1000 no-operations (each thousand)", 100, 1, [] { asm volatile(".rept 1000\n\tnop\n\t.endr"); });
  measure(out, "operator new and delete, 64 bytes", 1000, 1, [] { ::operator delete(::operator new(64)); });
  measure(out, "64 times new, then 64 times delete, 64 bytes (each pair)", 100, 64, [] {
    void* p[64];
    for (void*& x : p) x = ::operator new(64);
    for (void* x : p) ::operator delete(x);
  });
  measure(out, "frame, not zeroed: alloc and free", 1000, 1, [] { const UFrame f = UFrame::alloc(Zero::no); });
  measure(out, "frame, zeroed: alloc and free", 1000, 1, [] { const UFrame f = UFrame::alloc(); });
  measure(out, "200 frames: alloc, then free (each pair)", 20, 200, [] {
    Vec<UFrame, 200> held;
    for (u32 i = 0; i < 200; ++i) held.push_back(UFrame::alloc(Zero::no));
  });
  measure(out, "Cursor, nothing done", 1000, 1, [&] { Cursor c(*as, pages(0, 1)); });
  measure(out, "map and unmap of a page, with flush", 1000, 1, [&] {
    { Cursor(*as, pages(0, 1)).map(kBase, UFrame::alloc(Zero::no), kRW); }
    { Cursor(*as, pages(0, 1)).unmap(pages(0, 1)); }
  });
  const UFrame one = UFrame::alloc();
  measure(out, "map of a page, as a fault does (unmap not counted in)", 1, 400, [&] {
    for (u32 i = 0; i < 400; ++i) Cursor(*as, pages(i, 1)).map(kBase + i * kPageSize, one, kRW);
  });
  measure(out, "query", 1000, 1, [&] { (void)Cursor(*as, pages(0, 1)).query(kBase); });
  measure(out, "user read of 8 bytes", 1000, 1, [&] { (void)user::read<u64>(*as, kBase); });
  measure(out, "user write of 8 bytes", 1000, 1, [&] { (void)user::write<u64>(*as, kBase, 1); });
  measure(out, "user read of 144 bytes", 1000, 1, [&] {
    u8 b[144];
    (void)user::read_bytes(*as, kBase + 8, b);
  });
  u8 big[4096];
  measure(out, "user read of 4096 bytes", 1000, 1, [&] { (void)user::read_bytes(*as, kBase, big); });
  measure(out, "Reader: user read of 100 bytes", 1000, 1, [&] { (void)Reader::user(*as, kBase + 8, 100).read({big, 100}); });
  measure(out, "string of 20 bytes", 1000, 1, [&] { (void)user::read_string(*as, kBase + 4076, 4096); });
  measure(out, "reserve, within the credit", 1000, 1, [] { (void)mem::reserve(8); });

  constexpr u32 kPages = 2000;
  OSTD_CHECK(mem::reserve(8000).ok());
  {
    Cursor c(*as, pages(0, 4096));
    for (u32 i = 0; i < kPages; ++i) c.map(kBase + i * kPageSize, UFrame::alloc(Zero::no), kRW);
  }
  measure(out, "empty address space: create and destroy", 100, 1, [] { (void)AddressSpace::create(); });
  measure(out, "clone of 2000 pages and destroy (each page)", 1, kPages, [&] {
    const Ref<AddressSpace> child = MUST(AddressSpace::create());
    Cursor from(*as, {kUserBegin, kUserEnd});
    Cursor to(*child, {kUserBegin, kUserEnd});
    from.clone_into(to, {kUserBegin, kUserEnd}, Cursor::Clone::copy_on_write);
  });
  {
    const Ref<AddressSpace> child = MUST(AddressSpace::create());
    measure(out, "clone only (each page)", 1, kPages, [&] {
      Cursor from(*as, {kUserBegin, kUserEnd});
      Cursor to(*child, {kUserBegin, kUserEnd});
      from.clone_into(to, {kUserBegin, kUserEnd}, Cursor::Clone::copy_on_write);
    });
    measure(out, "clone of 20 pages in 5 tables, destroy, with a new address space", 20, 1, [&] {
      const Ref<AddressSpace> small = MUST(AddressSpace::create());
      Cursor from(*as, pages(0, 4096));
      Cursor to(*small, pages(0, 4096));
      for (u32 i = 0; i < 5; ++i) from.clone_into(to, pages(i * 400, 4), Cursor::Clone::copy_on_write);
    });
  }
  measure(out, "unmap of 1000 pages (each, map included)", 1, 1000, [&] {
    Cursor(*as, pages(0, 4096)).unmap(pages(0, 1000));
    Cursor c(*as, pages(0, 4096));
    for (u32 i = 0; i < 1000; ++i) c.map(kBase + i * kPageSize, UFrame::alloc(Zero::no), kRW);
  });
  measure(out, "Commit::take and drop", 1000, 1, [&] { (void)Commit::take(boot.root_account, 100); });
  Cap<Power, power::off>::mint(RootKey(), boot.power).off(0);
}
