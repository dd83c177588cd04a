// SPDX-License-Identifier: MPL-2.0
// /proc/stat, uptime, loadavg.
#include <base/format.h>
#include <ostd/random.h>
#include <ostd/time.h>
#include <services/procfs/system_files.h>

namespace svc::procfs {
namespace {

constexpr i64 kTickNs = 10'000'000;
constexpr u64 kOne = proc::System::kLoadOne;
constexpr Array<u64, 3> kDecay{{1884, 2014, 2037}};           // e^(-5s/1min), e^(-5s/5min), e^(-5s/15min)
constexpr Duration kInterval = Duration::seconds(5);

void times_line(String& out, const cpu::Times& t) {
  ostd::format_to(out, " {} {} {} {} 0 0 0 0 0 0\n", t.user.ns / kTickNs, t.nice.ns / kTickNs, t.system.ns / kTickNs, t.idle.ns / kTickNs);
}

void put_load(String& out, u64 load) {
  const u64 rounded = load + kOne / 200;
  ostd::format_to(out, "{}.{:02} ", rounded / kOne, rounded % kOne * 100 / kOne);
}

}  // namespace

Shared::Shared(Ref<proc::System> system) : system_(std::move(system)) { random::fill(boot_id_.items()); }

void Shared::count(u64 runnable) const {
  Array<u64, 3> load = system_->load();
  for (usize i = 0; i < kDecay.size(); ++i) {
    const u64 old = load[i], active = runnable * kOne;
    load[i] = (old * kDecay[i] + active * (kOne - kDecay[i]) + (active >= old ? kOne - 1 : 0)) / kOne;
  }
  system_->set_load(load);
}

u64 runnable_threads(const proc::System& system) {
  u64 n = 0;
  const proc::ProcessTree& tree = system.tree();
  for (Opt<Ref<proc::Process>> p = tree.next(Pid{0}); p; p = tree.next((*p)->pid()))
    (*p)->each_thread([&](const Ref<proc::Thread>& t) {
      if (t->started() && t->runnable()) ++n;
    });
  return n;
}

void start_counting(const Ref<Shared>& shared) {
  TaskOptions o{};
  o.name = "loadavg";
  const Result<Ref<Task>> t = Task::spawn(o, shared->system()->account(), [shared] {
    constexpr usize kPages = 64;
    for (Instant next = time::now() + kInterval;; next = next + kInterval) {
      static_cast<void>(task::sleep_until(next, Wait::uninterruptible).ok());
      if (!mem::reserve(kPages).ok()) continue;
      shared->count(runnable_threads(*shared->system()));
      mem::unreserve();
    }
  });
  static_cast<void>(t.ok());   // without it the load stays 0; there is no memory for programs either
}

Status system_stat(const Subject& s, const Context& who, String& out) {
  cpu::Times sum{};
  String each{};
  for (u32 i = 0; i < cpu::count(); ++i) {
    const cpu::Times t = cpu::times(CpuId{i});
    sum.user = sum.user + t.user;
    sum.nice = sum.nice + t.nice;
    sum.system = sum.system + t.system;
    sum.idle = sum.idle + t.idle;
    sum.switches += t.switches;
    ostd::format_to(each, "cpu{}", i);
    times_line(each, t);
  }
  out.append("cpu ");
  times_line(out, sum);
  out.append(each);
  ostd::format_to(out, "ctxt {}\nbtime {}\nprocesses {}\nprocs_running {}\nprocs_blocked 0\n", sum.switches, time::wall_offset() / 1'000'000'000,
                  s.system->tree().created(), runnable_threads(*s.system));
  return Ok();
}

Status uptime(const Subject& s, const Context& who, String& out) {
  i64 idle = 0;
  for (u32 i = 0; i < cpu::count(); ++i) idle += cpu::times(CpuId{i}).idle.ns / kTickNs;
  const u64 up = time::now().ns / static_cast<u64>(kTickNs);
  ostd::format_to(out, "{}.{:02} {}.{:02}\n", up / 100, up % 100, idle / 100, idle % 100);
  return Ok();
}

Status loadavg(const Subject& s, const Context& who, String& out) {
  const Array<u64, 3> load = s.system->load();
  for (const u64& l : load.items()) put_load(out, l);
  ostd::format_to(out, "{}/{} {}\n", runnable_threads(*s.system), s.system->tree().thread_count(), s.system->tree().last_pid().value);
  return Ok();
}

}  // namespace svc::procfs
