// SPDX-License-Identifier: MPL-2.0
// What the machine hands to the composition root, once: its description and the root capabilities.
#pragma once
#include <base/cap.h>
#include <base/fn.h>
#include <base/opt.h>
#include <base/own.h>
#include <base/result.h>
#include <base/static_str.h>
#include <base/string.h>
#include <span>
#include <ostd/reservation.h>
#include <ostd/time.h>

namespace ostd {

// Read-only bytes that the boot loader placed (the initramfs).
class BootBlob final : public RefCounted {
 public:
  OSTD_UNSAFE BootBlob(const u8* p, usize n) : data_(p), size_(n) {}  // Requires: [p, p+n) stays readable for ever or until release().
  usize size() const { return size_; }
  // Copies up to to.size() bytes from offset; the number copied (0 at or after the end).
  usize read(usize offset, std::span<u8> to) const;
  // Gives the memory back; size() stays, reads then give 0 bytes.
  void release() const;

 private:
  const u8* data_;
  usize size_;
  Atomic<u32> released_{0};
};

struct ConsoleSize {
  u16 rows = 0;
  u16 columns = 0;
};

class Console;
namespace console {
inline constexpr auto write = Rights<Console>::bit(0), listen = Rights<Console>::bit(1);
}

// The machine's text console (kernel: 16550 or virtio-console; host: the terminal it was started from, in raw mode).
class Console final : public RefCounted {
 public:
  using MintKey = RootKey;
  struct Calls {
    // Writes all bytes; may busy-wait for a slow device, never sleeps (safe under spinlocks).
    void write(this const Permits<console::write> auto& self, std::span<const u8> bytes) { self->write(bytes); }
    // f is called in deferred context with what was typed. One receiver; replaces the last.
    void on_input(this const Permits<console::listen> auto& self, Fn<void(std::span<const u8>)> f) { self->on_input(std::move(f)); }
    ConsoleSize size(this const Permits<console::listen> auto& self) { return self->size(); }  // 0 x 0 when not known
    void on_resize(this const Permits<console::listen> auto& self, Fn<void()> f) { self->on_resize(std::move(f)); }
  };
  Console() = default;

 private:
  void write(std::span<const u8> bytes) const;
  void on_input(Fn<void(std::span<const u8>)> f) const;
  ConsoleSize size() const;
  void on_resize(Fn<void()> f) const;
};

class Power;
namespace power {
inline constexpr auto off = Rights<Power>::bit(0), reboot = Rights<Power>::bit(1), halt = Rights<Power>::bit(2);
}

// Ending the machine.
class Power final : public RefCounted {
 public:
  using MintKey = RootKey;
  struct Calls {
    // Exit code: of the host process; of QEMU through isa-debug-exit.
    [[noreturn]] void off(this const Permits<power::off> auto& self, u8 exit_code) { self->off(exit_code); }
    [[noreturn]] void reboot(this const Permits<power::reboot> auto& self) { self->reboot(); }
    [[noreturn]] void halt(this const Permits<power::halt> auto& self) { self->halt(); }
  };
  Power() = default;

 private:
  [[noreturn]] void off(u8 exit_code) const;
  [[noreturn]] void reboot() const;
  [[noreturn]] void halt() const;
};

// The compiler that made this, for /proc/version.
inline constexpr u32 kCompilerMajor = __clang_major__, kCompilerMinor = __clang_minor__;

// What services/boot mints capabilities from; the references themselves give no rights.
struct Boot {
  String command_line;
  Opt<Ref<BootBlob>> initramfs;
  usize memory_bytes = 0;
  u32 cpus = 0;
  StaticStr machine = "";  // "kernel" or "host": for /proc/version and logs only
  Ref<Account> root_account;
  Ref<Console> console;
  Ref<Power> power;
  Ref<WallClock> wall_clock;
};

// What a debugger starts from to find everything else (tools/gdb). Kept for ever; only the first call counts.
OSTD_ROOT void set_debug_root(Ref<RefCounted> root);

// The composition root, defined by services/boot (contract tests define their own). Runs as the first task; when it returns
// the machine goes on with the tasks it has started.
void machine_main(Boot boot);

}  // namespace ostd
