// SPDX-License-Identifier: MPL-2.0
// Leveled logging with per-module filters: log::info<"vfs">("mounted {} on {}", type, path). Arguments are not evaluated into
// text when the level is off. Goes to a ring (dmesg) and, up to loglevel=, to the console. No locks that a caller may hold.
#pragma once
#include <base/format.h>
#include <base/static_str.h>
#include <base/types.h>

namespace ostd::log {

enum class Level : u8 { error = 3, warn = 4, notice = 5, info = 6, debug = 7 };  // numbers as in syslog(2)

namespace detail {
bool enabled(Level level, StaticStr module);
void emit(Level level, StaticStr module, std::string_view text);
template <ModuleName M, class... A>
void line(Level level, FormatString<A...> f, const A&... a) {
  if (!enabled(level, M.view())) return;
  FixedText<240> text;
  format_to(text, f, a...);
  emit(level, M.view(), text.view());
}
}  // namespace detail

template <ModuleName M, class... A> void error(FormatFor<A...> f, const A&... a) { detail::line<M>(Level::error, f, a...); }
template <ModuleName M, class... A> void warn(FormatFor<A...> f, const A&... a) { detail::line<M>(Level::warn, f, a...); }
template <ModuleName M, class... A> void notice(FormatFor<A...> f, const A&... a) { detail::line<M>(Level::notice, f, a...); }
template <ModuleName M, class... A> void info(FormatFor<A...> f, const A&... a) { detail::line<M>(Level::info, f, a...); }
template <ModuleName M, class... A> void debug(FormatFor<A...> f, const A&... a) { detail::line<M>(Level::debug, f, a...); }

// Parses loglevel= and log.MODULE=LEVEL words of the command line.
OSTD_ROOT void configure(std::string_view command_line);
// Raw text to the console whatever the level (strace, panic): a whole line, not interleaved with others.
void raw(std::string_view text);
// Reads the ring from the oldest byte kept; the number of bytes copied.
usize read_ring(usize offset, std::span<char> to);
}  // namespace ostd::log
