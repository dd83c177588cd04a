// SPDX-License-Identifier: MPL-2.0
// The log: a ring of 64 KiB with every line up to info (or what a module's filter lets through), and the console for lines more
// urgent than loglevel=. One lock, inner to all others, interrupts off: any context may log.
#include "sched.h"
#include <ostd/log.h>

namespace {
using namespace ostd;
using namespace ostd::common;
using log::Level;

constexpr usize kRingSize = 64 * 1024;
constexpr usize kMaxFilters = 16;
constexpr usize kNameMax = 16;

struct Filter {
  char module[kNameMax];
  u8 size;
  u8 level;
};

struct State {
  target::RawSpin lock{};
  char ring[kRingSize]{};
  Filter filters[kMaxFilters]{};
};
constinit State state;
constinit Atomic<u64> written{0};       // bytes ever put into the ring
constinit Atomic<u32> console_level{4};  // lines below it go to the console, as on Linux
constinit Atomic<u32> filter_count{0};
constexpr u32 kRingLevel = static_cast<u32>(Level::info);

struct Locked {
  Locked() { state.lock.lock(); }
  ~Locked() { state.lock.unlock(); }
  IrqOff off;
};

// The level that the command line gave the module; nothing: the defaults.
Opt<u32> filter_of(std::string_view module) {
  const u32 n = filter_count.load(Order::acquire);
  for (u32 i = 0; i < n; ++i)
    if (std::string_view(state.filters[i].module, state.filters[i].size) == module) return static_cast<u32>(state.filters[i].level);
  return {};
}

void put(std::string_view text) {
  const u64 at = written.load(Order::relaxed);
  for (usize i = 0; i < text.size(); ++i) state.ring[(at + i) % kRingSize] = text[i];
  written.store(at + text.size(), Order::release);
}

Opt<u32> level_of(std::string_view word) {
  if (word.size() == 1 && word[0] >= '0' && word[0] <= '8') return static_cast<u32>(word[0] - '0');
  constexpr std::string_view names[] = {"error", "warn", "notice", "info", "debug"};
  for (u32 i = 0; i < 5; ++i)
    if (word == names[i]) return i + 3;
  return {};
}

void configure_word(std::string_view word) {
  const usize eq = word.find('=');
  if (eq == std::string_view::npos) return;
  const auto level = level_of(word.substr(eq + 1));
  if (!level) return;
  const std::string_view key = word.substr(0, eq);
  if (key == "loglevel") {
    console_level.store(*level, Order::relaxed);
  } else if (key.starts_with("log.") && key.size() - 4 <= kNameMax) {
    const u32 n = filter_count.load(Order::relaxed);
    if (n == kMaxFilters) return;
    Filter& f = state.filters[n];
    f.size = static_cast<u8>(key.size() - 4);
    for (usize i = 0; i < f.size; ++i) f.module[i] = key[i + 4];
    f.level = static_cast<u8>(*level);
    filter_count.store(n + 1, Order::release);
  }
}
}  // namespace

bool ostd::log::detail::enabled(Level level, StaticStr module) {
  const u32 l = static_cast<u32>(level);
  if (filter_count.load(Order::acquire) != 0) [[unlikely]]
    if (const auto f = filter_of(module.view())) return l <= *f;
  return l <= kRingLevel || l < console_level.load(Order::relaxed);
}

void ostd::log::detail::emit(Level level, StaticStr module, std::string_view text) {
  FixedText<320> line;
  format_to(line, "<{}>[{:>5}.{:06}] {}: {}", static_cast<u32>(level), target::clock_ns() / 1'000'000'000,
            target::clock_ns() / 1'000 % 1'000'000, module, text);
  if (line.truncated()) line.clear();
  bool to_console = static_cast<u32>(level) < console_level.load(Order::relaxed);
  if (const auto f = filter_of(module.view())) to_console = static_cast<u32>(level) <= *f;
  Locked l;
  put(line.view());
  put("\n");
  if (!to_console) return;
  target::console_write_raw(line.view().substr(3));
  target::console_write_raw("\n");
}

void ostd::log::raw(std::string_view text) {
  Locked l;
  target::console_write_raw(text);
  if (!text.ends_with('\n')) target::console_write_raw("\n");
}

void ostd::log::configure(std::string_view command_line) {
  while (!command_line.empty()) {
    const usize end = command_line.find(' ');
    configure_word(command_line.substr(0, end));
    if (end == std::string_view::npos) break;
    command_line.remove_prefix(end + 1);
  }
}

ostd::usize ostd::log::read_ring(usize offset, std::span<char> to) {
  Locked l;
  const u64 end = written.load(Order::relaxed);
  u64 begin = end > kRingSize ? end - kRingSize : 0;
  // A line whose start was overwritten is left out.
  if (begin != 0) {
    while (begin < end && state.ring[begin % kRingSize] != '\n') ++begin;
    if (begin < end) ++begin;
  }
  if (offset >= end - begin) return 0;
  begin += offset;
  usize n = 0;
  while (n < to.size() && begin + n < end) {
    to[n] = state.ring[(begin + n) % kRingSize];
    ++n;
  }
  return n;
}
