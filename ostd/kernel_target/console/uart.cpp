// SPDX-License-Identifier: MPL-2.0
// The 16550 UART at COM1 [ns16550]: polled output in bursts of its FIFO.
#include <console/raw.h>
#include <console/uart.h>
#include <cpu/instructions.h>
#include <ostd/target/cpu.h>

namespace ostd::target {

namespace {
constexpr u16 kPort = 0x3f8;
constexpr u16 kData = kPort, kInterruptEnable = kPort + 1, kFifo = kPort + 2, kLineControl = kPort + 3, kModem = kPort + 4,
              kLineStatus = kPort + 5, kScratch = kPort + 7;
constexpr u32 kFifoDepth = 16;
bool present = false;
u32 room = 0;  // bytes the FIFO surely takes; racy use in a panic only loses characters

void put(u8 c) {
  if (room == 0) {
    u32 patience = 100'000;
    while (!(inb(kLineStatus) & 0x20) && --patience != 0) cpu_relax();  // transmitter empty
    room = kFifoDepth;
  }
  --room;
  outb(kData, c);
}
}  // namespace

void init_early_console() {
  // SAFETY: COM1's ports belong to a UART or to nobody on a PC; the scratch register tells which.
  outb(kScratch, 0x5a);
  present = inb(kScratch) == 0x5a;
  if (!present) return;
  outb(kInterruptEnable, 0);
  outb(kLineControl, 0x80);  // divisor latch: 115200 baud
  outb(kData, 1);
  outb(kInterruptEnable, 0);
  outb(kLineControl, 3);     // 8 bits, no parity, one stop bit
  outb(kFifo, 7);            // FIFOs on and empty
  outb(kModem, 0x0b);        // DTR RTS OUT2
}

bool uart_present() { return present; }
void uart_write(std::span<const u8> bytes) {
  for (const u8 b : bytes) put(b);
}
void uart_enable_input() { outb(kInterruptEnable, 1); }  // received data available
bool uart_read(u8& byte) {
  if (!(inb(kLineStatus) & 1)) return false;
  byte = inb(kData);
  return true;
}

void uart_write_text(std::string_view text) {
  if (!present) return;
  for (const char c : text) {
    if (c == '\n') put('\r');
    put(static_cast<u8>(c));
  }
}

}  // namespace ostd::target
