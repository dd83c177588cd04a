// SPDX-License-Identifier: MPL-2.0
// Text straight to the machine's console: no locks, no allocation. For early boot and panics.
#pragma once
#include <base/format.h>
#include <common/target.h>

namespace ostd::target {

class RawConsole final : public FormatSink {
 public:
  void write(std::string_view text) override { console_write_raw(text); }
};

template <class... A>
void raw_print(FormatFor<A...> f, const A&... a) {
  RawConsole out;
  format_to(out, f, a...);
}

// Finds the 16550 at COM1, if there is one; output works from then on.
void init_early_console();
// If the command line asks for a virtio console: looks for devices. Boot CPU, before the others run.
void survey_consoles(std::string_view command_line);
// The consoles that the command line names. Until then, and when none of them can be used, it is the 16550. In a task.
void choose_consoles(std::string_view command_line);
// The virtio console was given up: the 16550 takes over. Any context.
void virtio_console_lost();
// Before the machine ends: waits, not for long, until what was written has left it.
void drain_consoles();

}  // namespace ostd::target
