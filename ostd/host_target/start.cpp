// SPDX-License-Identifier: MPL-2.0
// From main() to common::start: the machine is put together from host resources, every refusal is said and ends the process.
#include "irq/input.h"
#include "linux/host_file.h"
#include "linux/host_io.h"
#include "linux/host_process.h"
#include "linux/host_signals.h"
#include "linux/host_terminal.h"
#include "linux/host_thread.h"
#include "mem/memory.h"
#include "options.h"
#include "start.h"
#include "time/ticker.h"
#include "user/slot.h"

#include <base/format.h>
#include <common/account.h>
#include <common/target.h>

namespace ostd::host {

namespace {
constinit std::span<const u8> g_initramfs{};

u64 rdtsc() { return __builtin_ia32_rdtsc(); }

Boot make_boot() {
  input_start();
  Boot b{.command_line = {}, .initramfs = {}, .root_account = common::root_account_ref(), .console = make_ref<Console>(), .power = make_ref<Power>(),
         .wall_clock = make_ref<WallClock>()};
  b.command_line = String(std::string_view(options().command_line));
  if (!g_initramfs.empty()) b.initramfs = Opt<Ref<BootBlob>>(make_ref<BootBlob>(g_initramfs.data(), g_initramfs.size()));
  b.memory_bytes = options().memory;
  b.cpus = options().cpus;
  b.machine = "host";
  return b;
}

}  // namespace

void start_machine(int argc, char** argv) {
  parse_options(argc, argv);
  if (options().initramfs) {
    const MappedFile f = map_file(options().initramfs);
    if (f.error != 0) {
      static FixedText<300> t;
      format_to(t, "{}: {}", std::string_view(options().initramfs), std::string_view(error_text(f.error)));
      refuse_start("cannot read the initramfs ", t.view().data());
    }
    g_initramfs = f.bytes;
  }
  make_placement();
  const u64 tsc0 = rdtsc(), ns0 = host_clock_ns();
  signals_start(input_resized, stubs_expect_end);
  if (!ticker_start()) refuse_start("the host refuses a thread");
  if (const char* why = memory_start(options().memory)) refuse_start(why);
  become_cpu0();
  if (const char* why = stubs_start(memory_file_of_machine(), options().patch, options().isolated ? Mode::isolated : Mode::open)) refuse_start(why);
  if (!io_start(options().io)) refuse_start("the host offers neither io_uring nor epoll (or not the one asked for)");
  terminal_raw(options().keys);
  u64 ns1 = host_clock_ns();
  while (ns1 - ns0 < 1'000'000) ns1 = host_clock_ns();
  const u64 ticks_per_20us = (rdtsc() - tsc0) * 20'000 / (ns1 - ns0);
  handover_setup(placement().bind ? 0 : ticks_per_20us, placement().bind);
  common::start(make_boot);
}

}  // namespace ostd::host
