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

}  // namespace ostd::target
