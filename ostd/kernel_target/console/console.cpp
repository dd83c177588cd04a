// SPDX-License-Identifier: MPL-2.0
// Console of ostd/machine.h over the UART. Output is polled; input comes by interrupt into a ring that deferred work hands on.
#include <common/target.h>
#include <console/uart.h>
#include <irq/ioapic.h>
#include <ostd/irq.h>
#include <ostd/machine.h>

namespace {
using namespace ostd;
using namespace ostd::target;

constinit RawSpin output;  // interrupts off

struct Input {
  explicit Input(Fn<void(std::span<const u8>)> fn)
      : receiver(std::move(fn)), work([this] { hand_on(); }), line(IrqLine::claim(isa_line(kUartIsaInterrupt), [this] { take(); })) {}
  // The interrupt is the only writer of `head`, the deferred work (on one CPU at a time) of `tail`.
  void take() {
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
      if (t == h) return;
      const u32 at = t % sizeof ring;
      const u32 n = h - t < sizeof ring - at ? h - t : static_cast<u32>(sizeof ring) - at;
      receiver({ring + at, n});
      tail.store(t + n, Order::release);
    }
  }
  Fn<void(std::span<const u8>)> receiver;
  Atomic<u32> head{0}, tail{0};
  u8 ring[1024]{};
  Deferred work;
  Result<IrqLine> line;
};
Input* input = nullptr;  // under `changing`
constinit RawSpin changing;
}  // namespace

void Console::write(std::span<const u8> bytes) const {
  if (!uart_present()) return;
  // Interrupts are off for one FIFO of bytes at a time.
  for (usize at = 0; at < bytes.size(); at += 16) {
    const bool on = irqs_on();
    irq_disable();
    output.lock();
    uart_write(bytes.subspan(at, bytes.size() - at < 16 ? bytes.size() - at : 16));
    output.unlock();
    if (on) irq_enable();
  }
}

void Console::on_input(Fn<void(std::span<const u8>)> f) const {
  if (!uart_present()) return;
  changing.lock();
  Input* const old = std::exchange(input, nullptr);
  changing.unlock();
  delete old;  // gives the line back and waits for its deferred work
  Input* const fresh = new Input(std::move(f));
  changing.lock();
  input = fresh;
  changing.unlock();
  uart_enable_input();
}

ConsoleSize Console::size() const { return {}; }  // a serial line does not know
void Console::on_resize(Fn<void()>) const {}
