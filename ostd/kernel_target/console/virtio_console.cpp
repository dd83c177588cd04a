// SPDX-License-Identifier: MPL-2.0
// Output has one lock, taken with interrupts off; console_write_raw only tries it, so that a panic in its holder is still told of, by
// emergency writes. Input is read by deferred work, which runs once at a time. Giving up is one flag: nobody uses the device after it.
#include <common/leaf_lock.h>
#include <common/percpu.h>
#include <console/raw.h>
#include <console/virtio_console.h>
#include <console/virtio_port.h>
#include <ostd/log.h>
#include <ostd/target/sync.h>
#include <time/clock.h>
#include <virtio/find.h>
#include <virtio/memory.h>

namespace ostd::target {

namespace {
static_assert(kVirtioConsoleRead == VirtioPort::kBuffer);

struct Device {
  Device(Own<Transport> t, DmaMemory memory) : transport(std::move(t)), port(*transport, memory) {}
  Own<Transport> transport;
  VirtioPort port;
};
Device* device = nullptr;                  // set before `running`, then it stays
constinit Atomic<bool> running{false};
constinit Atomic<bool> unreported{false};  // was given up where nothing can be logged
constinit Atomic<bool> stalled{false};     // the last wait for room was in vain
constinit RawSpin output;                  // VirtioPort::send; interrupts off

constexpr u64 kPatience = 5'000'000'000, kRawPatience = 100'000'000, kDrainPatience = 1'000'000'000;  // nanoseconds

void give_up() {
  if (!running.exchange(false)) return;
  (void)stop_device(*device->transport);
  unreported.store(true);
  virtio_console_lost();
}
// Where the log may be used.
void report() {
  if (unreported.load(Order::relaxed) && unreported.exchange(false))
    log::error<"console">("the virtio console breaks the rules of its queues: it is not used any more");
}

Result<usize> send(std::span<const u8> bytes) {
  const common::LeafLock l(output);
  return device->port.send(bytes);
}
}  // namespace

bool open_virtio_console(std::string_view command_line) {
  Opt<Own<Transport>> t = find_virtio(kVirtioConsole, command_line);
  if (!t) {
    log::error<"console">("no virtio console was found");
    return false;
  }
  static_assert(VirtioPort::kMemory == kPageSize << 3);
  const Opt<DmaMemory> memory = dma_alloc(3);
  if (!memory) {
    log::error<"console">("there is no memory for the virtio console");
    return false;
  }
  device = new Device(std::move(*t), *memory);
  if (const Status s = device->port.start(); !s.ok()) {
    (void)stop_device(*device->transport);
    log::error<"console">("the virtio console does not start (error {})", static_cast<u32>(s.error()));
    return false;
  }
  running.store(true, Order::release);
  return true;
}

bool virtio_console_runs() { return running.load(Order::acquire); }

bool virtio_console_write(std::span<const u8> bytes) {
  u64 since = 0;
  while (!bytes.empty() && virtio_console_runs()) {
    const Result<usize> n = send(bytes);
    if (!n.ok()) {
      give_up();
    } else if (n.value() != 0) {
      bytes = bytes.subspan(n.value());
      since = 0;
      stalled.store(false, Order::relaxed);
    } else {
      if (stalled.load(Order::relaxed)) break;
      const u64 now = now_ns();
      if (since == 0) since = now;
      if (now - since > kPatience) stalled.store(true, Order::relaxed);
      cpu_relax();
    }
  }
  report();
  return virtio_console_runs();
}

void virtio_console_write_text(std::string_view text) {
  if (!virtio_console_runs()) return;
  const common::IrqOff off;
  bool locked = output.try_lock();
  for (u32 i = 0; i < 100'000 && !locked; ++i) {
    cpu_relax();
    locked = output.try_lock();
  }
  bool lies = false;
  // A piece with its line ends as a terminal wants them.
  const auto put = [&](std::span<const u8> piece) {
    if (!locked) {
      if (device->port.has_emergency())
        for (const u8 b : piece) device->port.emergency(b);
      return;
    }
    for (const u64 begin = now_ns(); !piece.empty() && !lies && now_ns() - begin < kRawPatience;) {
      const Result<usize> n = device->port.send(piece);
      if (n.ok()) piece = piece.subspan(n.value());
      else lies = true;
    }
  };
  u8 piece[128];
  usize n = 0;
  for (const char c : text) {
    if (c == '\n') piece[n++] = '\r';
    piece[n++] = static_cast<u8>(c);
    if (n >= sizeof piece - 1) put({piece, std::exchange(n, 0)});
  }
  if (n != 0) put({piece, n});
  if (locked) output.unlock();
  if (lies) give_up();
}

void virtio_console_drain() {
  if (!virtio_console_runs()) return;
  for (const u64 begin = now_ns(); !device->port.all_sent() && now_ns() - begin < kDrainPatience;) cpu_relax();
}

Opt<usize> virtio_console_read(std::span<u8, kVirtioConsoleRead> to) {
  if (!virtio_console_runs()) return {};
  const Result<Opt<usize>> n = device->port.receive(to);
  if (n.ok()) return n.value();
  give_up();
  report();
  return {};
}
u32 virtio_console_line() { return device->transport->line(); }
void virtio_console_acknowledge() { device->transport->acknowledge(); }

}  // namespace ostd::target
