// SPDX-License-Identifier: MPL-2.0
// boot-smoke.elf: boots, says what machine it found, starts a task on every CPU, switches off.
#include <base/format.h>
#include <ostd/cpu.h>
#include <ostd/log.h>
#include <ostd/machine.h>
#include <ostd/task.h>
#include <ostd/time.h>

using namespace ostd;

namespace {
template <class... A>
void say(CapRef<Console, console::write> to, FormatFor<A...> f, const A&... a) {
  FixedText<200> text;
  format_to(text, f, a...);
  const std::string_view v = text.view();
  to.write({reinterpret_cast<const u8*>(v.data()), v.size()});  // SAFETY: bytes of chars
}
}  // namespace

void ostd::machine_main(Boot boot) {
  const Cap<Console, console::write> out = Cap<Console, console::write>::mint(RootKey(), boot.console);
  say(out, "boot-smoke: {} MiB, {} CPUs, command line \"{}\", initramfs {}, up {}, wall {}\r\n", boot.memory_bytes >> 20, boot.cpus,
      boot.command_line.view(), boot.initramfs.has_value() ? boot.initramfs.value()->size() : 0, time::now(), time::wall_now() / 1'000'000'000);
  for (u32 i = 0; i < boot.cpus; ++i) {
    u32 ran_on = ~0U;
    auto t = Task::spawn({.name = "smoke", .affinity = CpuSet::only(CpuId{i})}, boot.root_account,
                         [&ran_on] { ran_on = static_cast<u32>(cpu::current()); });
    OSTD_CHECK(t.ok() && t.value()->join().ok());
    say(out, "cpu {} runs\r\n", ran_on);
  }
  const Instant begin = time::now();
  OSTD_CHECK(task::sleep_until(begin + Duration::millis(20), Wait::uninterruptible).ok());
  say(out, "slept {}\r\n", time::now() - begin);
  Cap<Power, power::off>::mint(RootKey(), boot.power).off(0);
}
