// SPDX-License-Identifier: MPL-2.0
// The machine's console as a terminal; /dev/tty, the caller's controlling terminal.
#include <base/format.h>
#include <services/tty/console.h>
#include <services/tty/tty.h>

namespace svc::tty {
namespace {

class ConsoleOutput final : public TtyDevice {
 public:
  explicit ConsoleOutput(Cap<Console, console::write> c) : console_(std::move(c)) {}
  usize room() const override { return ~usize{0}; }
  void write(std::span<const u8> bytes) const override { console_.write(bytes); }

 private:
  Cap<Console, console::write> console_;
};

class ConsoleDevice final : public fs::Device {
 public:
  explicit ConsoleDevice(Ref<Tty> t) : tty_(std::move(t)) {}
  Result<Ref<fs::File>> open(const fs::OpenArgs& args, const Context& who) const override {
    tty_->maybe_acquire(who, args.flags);
    return Ref<fs::File>(make_ref<TtyFile>(tty_, args.flags & (fs::oflag::access_mask | fs::oflag::nonblock | fs::oflag::largefile)));
  }

 private:
  Ref<Tty> tty_;
};

// /dev/tty [tty(4)]: whatever terminal the caller's session has.
class CurrentTty final : public fs::Device {
 public:
  Result<Ref<fs::File>> open(const fs::OpenArgs& args, const Context& who) const override {
    const Opt<Ref<SessionRef>> s = who.session();
    const Opt<Ref<ControllingTerminal>> t = s ? (*s)->terminal() : Opt<Ref<ControllingTerminal>>();
    const Opt<Ref<Tty>> tty = t ? (*t).as<Tty>() : Opt<Ref<Tty>>();
    if (!tty) return Errc::no_device_address;
    return Ref<fs::File>(make_ref<TtyFile>(*tty, args.flags & (fs::oflag::access_mask | fs::oflag::nonblock | fs::oflag::largefile)));
  }
};

Winsize to_winsize(ConsoleSize s) { return {s.rows, s.columns, 0, 0}; }

}  // namespace

void add_console(const fs::DeviceTable& table, Cap<Console, console::write> output, Cap<Console, console::listen | kDup> input) {
  const DevId number = DevId::make(5, 1);
  const Ref<Tty> tty = make_ref<Tty>(number, String("/dev/console"), Ref<TtyDevice>(make_ref<ConsoleOutput>(std::move(output))));
  tty->set_size(to_winsize(input.size()), false);
  input.on_input([tty](std::span<const u8> b) { static_cast<void>(tty->receive(b)); });
  Cap<Console, console::listen> size = input.dup();
  input.on_resize([tty, size = std::move(size)] { tty->set_size(to_winsize(size.size()), true); });
  table.add(number, Ref<fs::Device>(make_ref<ConsoleDevice>(tty)));
  table.add(DevId::make(5, 0), Ref<fs::Device>(make_ref<CurrentTty>()));
}

}  // namespace svc::tty
