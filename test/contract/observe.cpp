// SPDX-License-Identifier: MPL-2.0
// ostd/log.h, ostd/trace.h, ostd/random.h, and what ostd/machine.h has for debuggers.
#include "helpers.h"
#include <ostd/log.h>
#include <ostd/random.h>
#include <ostd/trace.h>

using namespace ostd;

namespace {
// Does the log's ring hold the text?
bool logged(std::string_view text) {
  char window[512] = {};
  for (usize offset = 0;; offset += 256) {
    const usize n = log::read_ring(offset, window);
    if (n == 0) return false;
    if (std::string_view(window, n).find(text) != std::string_view::npos) return true;
  }
}
}  // namespace

TEST_CASE("a log line is in the ring with its level and module") {
  log::notice<"contract">("a line with the number {}", 4711);
  CHECK(logged("contract: a line with the number 4711\n"));
  CHECK(logged("<5>["));
}

TEST_CASE("debug lines are left out unless the module's filter admits them") {
  log::debug<"silent">("not to be kept 1");
  CHECK(!logged("not to be kept 1"));
  log::configure("root=/dev/vda log.talker=debug quiet log.mute=error");
  log::debug<"talker">("to be kept 2");
  CHECK(logged("to be kept 2"));
  log::info<"mute">("not to be kept 3");
  CHECK(!logged("not to be kept 3"));
  log::error<"mute">("to be kept 4");
  CHECK(logged("to be kept 4"));
}

TEST_CASE("the ring keeps the newest lines when it is full") {
  for (u32 i = 0; i < 1500; ++i) log::info<"contract">("filler line number {:06} of a long series of them", i);
  CHECK(!logged("number 000000 "));
  CHECK(logged("number 001499 "));
  char c[1];
  REQUIRE(log::read_ring(0, c) == 1);
  CHECK(c[0] == '<');
  CHECK(log::read_ring(1 << 20, c) == 0);
}

TEST_CASE("tasks of all CPUs log whole lines") {
  contract::in_parallel(4, [](u32 me) {
    for (u32 i = 0; i < 50; ++i) log::info<"contract">("begin {} {} end", me, i);
  });
  CHECK(logged("begin 0 49 end\n"));
  CHECK(logged("begin 3 49 end\n"));
}

TEST_CASE("the first root object for debuggers is kept, later ones are not") {
  struct Root final : RefCounted {};
  const Ref<Root> first = make_ref<Root>();
  const Ref<Root> second = make_ref<Root>();
  set_debug_root(first);
  set_debug_root(second);
  CHECK(first->ref_count() == 2);
  CHECK(second->ref_count() == 1);
}

TEST_CASE("raw text goes to the console") { log::raw("# a line of raw text\n"); }

TEST_CASE("a trace record holds what was emitted") {
  const contract::OnCpu here(0);
  trace::enable(true);
  const u64 before = time::now().ns;
  trace::emit(trace::Event::service, 11, 22, 33);
  trace::enable(false);
  static constinit trace::Record records[256] = {};
  const usize n = trace::read(0, records);
  bool found = false;
  for (usize i = 0; i < n; ++i) {
    const trace::Record& r = records[i];
    if (r.event != static_cast<u16>(trace::Event::service) || r.a != 11) continue;
    found = r.b == 22 && r.c == 33 && r.cpu == 0 && r.task == task::current_id() && r.time_ns >= before;
  }
  CHECK(found);
}

TEST_CASE("nothing is traced while tracing is off") {
  const contract::OnCpu here(0);
  trace::enable(false);
  trace::emit(trace::Event::service, 987654321);
  static constinit trace::Record records[256] = {};
  const usize n = trace::read(0, records);
  u32 found = 0;
  for (usize i = 0; i < n; ++i) found += records[i].a == 987654321;
  CHECK(found == 0);
}

TEST_CASE("a full trace ring keeps the newest records in order") {
  const contract::OnCpu here(0);
  trace::enable(true);
  for (u64 i = 0; i < 5000; ++i) trace::emit(trace::Event::service, 77, i);
  trace::enable(false);
  static constinit trace::Record records[64] = {};
  const usize n = trace::read(0, records);
  REQUIRE(n != 0);
  u64 last = 0;
  for (usize i = 0; i < n; ++i)
    if (records[i].a == 77) {
      CHECK(records[i].b > last);
      last = records[i].b;
    }
  CHECK(last == 4999);
}

TEST_CASE("switches are traced") {
  const contract::OnCpu here(0);
  trace::enable(true);
  const Ref<Task> other = contract::go([] {}, {.name = "other", .affinity = CpuSet::only(CpuId{0})});
  CHECK(other->join().ok());
  trace::enable(false);
  static constinit trace::Record records[256] = {};
  const usize n = trace::read(0, records);
  bool found = false;
  for (usize i = 0; i < n; ++i)
    found |= records[i].event == static_cast<u16>(trace::Event::task_switch) && records[i].a == task::current_id();
  CHECK(found);
}

TEST_CASE("a slice that is over does not interrupt again and again until the task comes to a preemption point") {
  const contract::OnCpu here(0);
  static constinit trace::Record records[2048] = {};
  u32 timers = 0;
  // When the machine is busy elsewhere the slice may be over before the other task is there: no timer is needed then.
  for (u32 tries = 0; timers == 0 && tries < 50; ++tries) {
    trace::enable(true);
    task::yield();  // begins a new slice
    Opt<Ref<Task>> waiting;
    {
      const PreemptGuard guard;
      waiting = contract::go([] {}, {.name = "waiting", .affinity = CpuSet::only(CpuId{0})});
      const Instant end = time::now() + Duration::millis(40);  // longer than any slice
      while (time::now() < end) {}
    }
    trace::enable(false);
    CHECK((*waiting)->join().ok());
    const usize n = trace::read(0, records);
    for (usize i = 0; i < n; ++i) timers += records[i].event == static_cast<u16>(trace::Event::irq) && records[i].a == trace::kTimerIrq;
  }
  CHECK(timers != 0);
  CHECK(timers < 40);
}

TEST_CASE("a CPU that is not there has no trace") {
  trace::Record r[1];
  CHECK(trace::read(kMaxCpus, r) == 0);
}

TEST_CASE("random bytes differ from each other and fill what is asked") {
  u8 a[300] = {};
  u8 b[300] = {};
  random::fill(a);
  random::fill(b);
  u32 same = 0;
  u32 bits = 0;
  for (u32 i = 0; i < 300; ++i) {
    same += a[i] == b[i];
    bits += static_cast<u32>(__builtin_popcount(a[i]));
  }
  CHECK(same < 30);
  CHECK(bits > 1000);
  CHECK(bits < 1400);
  CHECK(random::next_u64() != random::next_u64());
  random::fill({});
}

TEST_CASE("random numbers of all CPUs differ") {
  Atomic<u64> seen[4]{};
  contract::in_parallel(4, [&](u32 me) {
    for (u32 i = 0; i < 100; ++i) seen[me].store(random::next_u64());
  });
  for (u32 i = 0; i < 4; ++i)
    for (u32 j = 0; j < i; ++j) CHECK(seen[i].load() != seen[j].load());
}
