// SPDX-License-Identifier: MPL-2.0
// The machine's console, raw for now: no line discipline, no job control.
#include <base/array.h>
#include <base/vec.h>
#include <ostd/wait.h>
#include <services/fs/file.h>
#include <services/tty/console.h>

namespace svc::tty {
namespace {

class Input final : public RefCounted {
 public:
  SpinLocked<Vec<u8>, rank::kTty, IrqMode::off> bytes{};
  WaitQueue readable{};
};

class ConsoleFile final : public fs::File {
 public:
  ConsoleFile(Ref<Console> c, Ref<Input> in, u32 flags) : File(flags), console_(std::move(c)), input_(std::move(in)) {}
  Result<usize> read(const Context& who, Writer& to) const override {
    if (!input_->readable.wait_until(Wait::interruptible, [&] { return input_->bytes.with([](Vec<u8>& b) { return !b.empty(); }); }).ok()) return Errc::restart_syscall;
    Vec<u8> got = input_->bytes.with([](Vec<u8>& b) {
      Vec<u8> out{};
      std::swap(out, b);
      return out;
    });
    return to.write(got.items());
  }
  Result<usize> write(const Context& who, Reader& from) const override {
    Array<u8, 256> chunk{};
    usize done = 0;
    while (from.remaining() != 0) {
      const Result<usize> n = from.read(chunk.items());
      if (!n.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(n.error()));
      console_->write(chunk.items().subspan(0, n.value()));
      done += n.value();
    }
    return done;
  }

 private:
  Ref<Console> console_;
  Ref<Input> input_;
};

class ConsoleDevice final : public fs::Device {
 public:
  ConsoleDevice(Ref<Console> c, Ref<Input> in) : console_(std::move(c)), input_(std::move(in)) {}
  Result<Ref<fs::File>> open(const fs::OpenArgs& args, const Context& who) const override {
    return Ref<fs::File>(make_ref<ConsoleFile>(console_, input_, args.flags & (fs::oflag::access_mask | fs::oflag::nonblock)));
  }

 private:
  Ref<Console> console_;
  Ref<Input> input_;
};

}  // namespace

void add_console(const fs::DeviceTable& table, const Ref<Console>& console) {
  const Ref<Input> in = make_ref<Input>();
  console->on_input([in](std::span<const u8> b) {
    in->bytes.with([&](Vec<u8>& v) { v.append(b); });
    in->readable.wake_all();
  });
  table.add(DevId::make(5, 1), Ref<fs::Device>(make_ref<ConsoleDevice>(console, in)));
}

}  // namespace svc::tty
