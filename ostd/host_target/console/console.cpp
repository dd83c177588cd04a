// SPDX-License-Identifier: MPL-2.0
// The machine's console: standard input and output of the process. Input goes through a ring from the event thread, which reads
// on only when there is room, to deferred work on CPU 0. In raw mode ctrl-A x ends the machine and ctrl-A ctrl-A is one ctrl-A.
#include "irq/input.h"
#include "linux/host_io.h"
#include "linux/host_terminal.h"
#include "task/vcpu.h"

#include <common/target.h>
#include <ostd/irq.h>
#include <ostd/machine.h>

namespace ostd::host {

namespace {
constexpr u32 kRing = 4096;
constexpr u8 kEscape = 1;       // ctrl-A
constexpr u8 kEndOfInput = 4;   // ctrl-D: what the end of standard input looks like to a terminal's reader

constinit u8 g_ring[kRing]{};
constinit Atomic<u32> g_head{0}, g_tail{0};  // bytes ever written, ever read
constinit Atomic<u32> g_reading{0};
constinit Atomic<u32> g_ended{0};
constinit Atomic<u32> g_size_changed{0};
constinit u8 g_bytes[512]{};
constinit bool g_escape_seen = false;

// Receivers are kept for ever, since one may be running when it is replaced.
template <class F> struct Receiver { F call; Receiver* before; };
using Input = Receiver<Fn<void(std::span<const u8>)>>;
using Resize = Receiver<Fn<void()>>;
// SAFETY: the list's word is 0 or the address of a Receiver that is never deleted.
template <class R> R* newest(const Atomic<u64>& list) { return reinterpret_cast<R*>(list.load(Order::acquire)); }
template <class R, class F> void add_receiver(const Atomic<u64>& list, F f) {
  list.store(reinterpret_cast<u64>(new R{std::move(f), newest<R>(list)}), Order::release);
}
constinit Atomic<u64> g_input{0}, g_resize{0};
constinit Atomic<u64> g_deferred{0};  // a Deferred that is never deleted; 0: not yet made

void arrived(HostRead& r, i64 result);
constinit HostRead g_read{0, g_bytes, sizeof g_bytes, arrived};

void put(u8 b) {
  const u32 h = g_head.load(Order::relaxed);
  g_ring[h % kRing] = b;
  g_head.store(h + 1, Order::release);  // the byte before the count
}
void put_key(u8 b) {
  if (!terminal_is_raw()) return put(b);
  if (!g_escape_seen && b == kEscape) {
    g_escape_seen = true;
    return;
  }
  if (g_escape_seen && b == 'x') target::power_off(0);
  if (g_escape_seen && b != kEscape) put(kEscape);
  g_escape_seen = false;
  put(b);
}
void read_more() {
  const u32 room = kRing - (g_head.load() - g_tail.load());
  if (g_ended.load() != 0 || room < 2 * sizeof g_bytes || g_reading.exchange(1) != 0) return;
  io_read(g_read);
}
void arrived(HostRead&, i64 result) {
  if (result <= 0) {
    g_ended.store(1);
    put(kEndOfInput);
  }
  for (i64 i = 0; i < result; i++) put_key(g_bytes[i]);
  g_reading.store(0);
  raise(vcpus[0], kIrqIo);
  read_more();
}

// Deferred work.
void hand_on() {
  if (g_size_changed.exchange(0) != 0)
    if (const auto* f = newest<Resize>(g_resize)) f->call();
  const auto* f = newest<Input>(g_input);
  if (!f) return;  // kept until somebody asks
  for (;;) {
    const u32 t = g_tail.load(Order::relaxed);
    const u32 n = g_head.load(Order::acquire) - t;
    if (n == 0) break;
    const u32 at = t % kRing;
    const u32 part = n < kRing - at ? n : kRing - at;
    f->call(std::span<const u8>(g_ring + at, part));
    g_tail.store(t + part, Order::release);
  }
  read_more();
}
}  // namespace

void input_start() {
  // SAFETY: an address, which input_interrupt() makes a pointer again.
  g_deferred.store(reinterpret_cast<u64>(new Deferred(Fn<void()>(hand_on))), Order::release);  // CPU 0 sees it complete
  read_more();
}
void input_interrupt() {
  // SAFETY: 0 or the address that input_start() stored, for good.
  if (const auto* d = reinterpret_cast<const Deferred*>(g_deferred.load(Order::acquire))) d->schedule();
}
void input_resized() {
  g_size_changed.store(1);
  raise(vcpus[0], kIrqIo);
}

}  // namespace ostd::host

using namespace ostd;

void ostd::Console::write(std::span<const u8> bytes) const { host::write_all(1, bytes.data(), bytes.size()); }
void ostd::Console::on_input(Fn<void(std::span<const u8>)> f) const {
  host::add_receiver<host::Input>(host::g_input, std::move(f));
  host::input_interrupt();
}
void ostd::Console::on_resize(Fn<void()> f) const {
  host::add_receiver<host::Resize>(host::g_resize, std::move(f));
}
auto ostd::Console::size() const -> ConsoleSize {
  const host::TerminalSize s = host::terminal_size();
  return {s.rows, s.columns};
}

void ostd::target::console_write_raw(std::string_view text) {
  if (!host::terminal_is_raw()) return host::write_text(1, text);
  while (!text.empty()) {
    const usize n = text.find('\n');
    host::write_text(1, text.substr(0, n));
    if (n == std::string_view::npos) return;
    host::write_text(1, "\r\n");
    text.remove_prefix(n + 1);
  }
}
