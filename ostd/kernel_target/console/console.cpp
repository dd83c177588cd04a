// SPDX-License-Identifier: MPL-2.0
// Console of ostd/machine.h: what is written goes to each chosen device, what is typed comes from each. Output is polled; input comes
// by interrupt and is handed on by deferred work.
#include <common/leaf_lock.h>
#include <common/target.h>
#include <console/choice.h>
#include <console/raw.h>
#include <console/uart.h>
#include <console/virtio_console.h>
#include <irq/ioapic.h>
#include <ostd/irq.h>
#include <ostd/machine.h>
#include <smp/smp.h>
#include <virtio/find.h>

namespace {
using namespace ostd;
using namespace ostd::target;

constinit Atomic<bool> serial{true};  // the 16550 is a console
constinit RawSpin serial_output;      // interrupts off

Opt<IrqLine> claim(u32 line, Fn<void()> callback) {
  Result<IrqLine> r = IrqLine::claim(line, std::move(callback));
  return r.ok() ? Opt<IrqLine>(std::move(r).value()) : Opt<IrqLine>();
}

struct Input {
  explicit Input(Fn<void(std::span<const u8>)> fn) : receiver(std::move(fn)), work([this] { hand_on(); }) {
    if (uart_present()) serial_line = claim(isa_line(kUartIsaInterrupt), [this] { take_serial(); });
    if (virtio_console_runs())
      virtio_line = claim(virtio_console_line(), [this] {
        virtio_console_acknowledge();
        work.schedule();
      });
    work.schedule();  // for what came before
  }
  // The interrupt is the only writer of `head`, the deferred work (on one CPU at a time) of `tail`.
  void take_serial() {
    u8 b = 0;
    while (uart_read(b)) {
      const u32 h = head.load(Order::relaxed);
      if (h - tail.load(Order::acquire) == sizeof ring) continue;  // nobody reads: dropped, as a UART does
      ring[h % sizeof ring] = b;
      head.store(h + 1, Order::release);
    }
    work.schedule();
  }
  void hand_on() {
    for (;;) {
      const u32 t = tail.load(Order::relaxed), h = head.load(Order::acquire);
      if (t == h) break;
      const u32 at = t % sizeof ring;
      const u32 n = h - t < sizeof ring - at ? h - t : static_cast<u32>(sizeof ring) - at;
      receiver({ring + at, n});
      tail.store(t + n, Order::release);
    }
    u8 bytes[kVirtioConsoleRead];
    for (u32 i = 0; i < 16; ++i) {
      const Opt<usize> n = virtio_console_read(bytes);
      if (!n) return;
      receiver({bytes, *n});
    }
    work.schedule();  // others first
  }
  Fn<void(std::span<const u8>)> receiver;
  Atomic<u32> head{0}, tail{0};
  u8 ring[1024]{};
  Deferred work;
  Opt<IrqLine> serial_line, virtio_line;  // last: nothing is scheduled once they are gone
};
Input* input = nullptr;  // under `changing`
constinit RawSpin changing;

void write_serial(std::span<const u8> bytes) {
  if (!uart_present()) return;
  // Interrupts are off for one FIFO of bytes at a time.
  for (usize at = 0; at < bytes.size(); at += 16) {
    const common::LeafLock l(serial_output);
    uart_write(bytes.subspan(at, bytes.size() - at < 16 ? bytes.size() - at : 16));
  }
}
}  // namespace

void ostd::target::survey_consoles(std::string_view command_line) {
  if (console_choice(command_line).virtio) survey_virtio();
}

void ostd::target::choose_consoles(std::string_view command_line) {
  const ConsoleChoice c = console_choice(command_line);
  const bool found = c.virtio && open_virtio_console(command_line);
  serial.store(c.serial || !found);
}

void ostd::target::virtio_console_lost() {
  serial.store(true);
  if (uart_present()) uart_enable_input();
}

void ostd::target::console_write_raw(std::string_view text) {
  if (uart_present() && (serial.load(Order::relaxed) || machine_ends())) uart_write_text(text);
  virtio_console_write_text(text);
}

void ostd::target::drain_consoles() { virtio_console_drain(); }

void Console::write(std::span<const u8> bytes) const {
  const bool to_virtio = virtio_console_runs();
  const bool lost = to_virtio && !virtio_console_write(bytes);
  if (serial.load(Order::relaxed) || lost) write_serial(bytes);
}

void Console::on_input(Fn<void(std::span<const u8>)> f) const {
  if (!uart_present() && !virtio_console_runs()) return;
  changing.lock();
  Input* const old = std::exchange(input, nullptr);
  changing.unlock();
  delete old;  // gives the lines back and waits for its deferred work
  Input* const fresh = new Input(std::move(f));
  changing.lock();
  input = fresh;
  changing.unlock();
  if (uart_present() && serial.load()) uart_enable_input();
}

ConsoleSize Console::size() const { return {}; }  // a serial line does not know
void Console::on_resize(Fn<void()>) const {}
