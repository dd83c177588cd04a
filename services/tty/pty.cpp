// SPDX-License-Identifier: MPL-2.0
// Pseudo-terminals.
#include <base/format.h>
#include <ostd/reservation.h>
#include <services/tty/pty.h>

namespace svc::tty {
namespace {

constexpr usize kBuffer = 16384;
constexpr u32 kMaxPtys = 4096, kSlaveMajor = 136;
constexpr u32 kGetPtn = 0x80045430, kSetLock = 0x40045431, kGetLock = 0x80045439, kPacket = 0x5420, kGetPacket = 0x80045438, kGetPeer = 0x5441,
              kSig = 0x40045436;

class MasterFile final : public fs::File {
 public:
  MasterFile(Ref<Tty> t, Ref<PtyPipe> p, Ref<PtyRegistry> r, u32 number, u32 flags)
      : File(flags), tty_(std::move(t)), pipe_(std::move(p)), registry_(std::move(r)), number_(number) {}
  ~MasterFile() override {
    pipe_->master_open.store(0);
    registry_->remove(number_);
    tty_->hang_up();
  }
  Result<usize> read(const Context& who, Writer& to) const override {
    if (to.remaining() == 0) return usize{0};
    for (;;) {
      if (pipe_->has_control()) {
        const Array<u8, 1> told{{pipe_->take_control()}};
        return to.write(told.items());
      }
      const bool packets = pipe_->packet_mode.load() != 0;
      Vec<u8> got = pipe_->take(packets ? to.remaining() - 1 : to.remaining());
      if (!got.empty()) {
        tty_->output_room_changed();
        if (packets) {
          const Array<u8, 1> data{{0}};
          const usize head = TRY(to.write(data.items()));
          return head + TRY(to.write(got.items()));
        }
        return to.write(got.items());
      }
      if (slave_gone()) return Errc::io;
      if (nonblocking()) return Errc::again;
      if (!pipe_->readable.wait_until(Wait::interruptible, [&] { return pipe_->has_data() || pipe_->has_control() || slave_gone(); }).ok()) return Errc::restart_syscall;
    }
  }
  Result<usize> write(const Context& who, Reader& from) const override {
    constexpr usize kPiecePages = 6;  // what a piece may add to what was typed, the line and the echo
    Array<u8, 256> chunk{};
    usize done = 0;
    while (from.remaining() != 0) {
      const Status room = mem::reserve(kPiecePages);
      if (!room.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(room.error()));
      const Result<usize> n = from.read(chunk.items());
      if (!n.ok()) return done != 0 ? Result<usize>(done) : Result<usize>(Err(n.error()));
      if (n.value() == 0) break;
      for (usize at = 0; at < n.value();) {
        const usize taken = tty_->receive(chunk.items().subspan(at, n.value() - at));
        at += taken;
        done += taken;
        if (taken != 0) continue;
        if (nonblocking()) return done != 0 ? Result<usize>(done) : Result<usize>(Errc::again);
        if (!tty_->input_taken().wait_until(Wait::interruptible, [&] { return tty_->input_room(); }).ok())
          return done != 0 ? Result<usize>(done) : Result<usize>(Errc::restart_syscall);
      }
    }
    return done;
  }
  PollEvents poll() const override {
    PollEvents e{};
    if (tty_->input_room()) e = e | poll::writable;
    if (pipe_->has_data()) e = e | poll::readable;
    if (pipe_->has_control()) e = e | poll::readable | poll::pri;
    if (slave_gone()) e = e | poll::hup;
    return e;
  }
  void poll_add(Ref<WaitHook> hook) const override {
    pipe_->readable.add_hook(hook);
    tty_->input_taken().add_hook(std::move(hook));
  }
  void poll_remove(const WaitHook& hook) const override {
    pipe_->readable.remove_hook(hook);
    tty_->input_taken().remove_hook(hook);
  }
  Result<i64> ioctl(const Context& who, u32 command, u64 argument) const override {
    const AddressSpace& as = who.address_space();
    const VirtAddr at(argument);
    switch (command) {
      case kGetPtn: TRY(user::write(as, at, number_)); return i64{0};
      case kSetLock: {
        const i32 on = TRY(user::read<i32>(as, at));
        pipe_->locked.store(on != 0 ? 1 : 0);
        return i64{0};
      }
      case kGetLock: TRY(user::write(as, at, pipe_->locked.load())); return i64{0};
      case kPacket: {
        const i32 on = TRY(user::read<i32>(as, at));
        pipe_->set_packet_mode(on != 0);
        return i64{0};
      }
      case kGetPacket: TRY(user::write(as, at, pipe_->packet_mode.load())); return i64{0};
      case kSig: {
        if (argument == 0 || argument > 64) return Errc::invalid_argument;
        tty_->send_signal_to_foreground(Signo{static_cast<u32>(argument)});
        return i64{0};
      }
      case kGetPeer: return Errc::not_supported;
      case 0x541b: {  // FIONREAD: what the slave wrote
        TRY(user::write(as, at, static_cast<i32>(pipe_->size())));
        return i64{0};
      }
      case 0x540f: TRY(user::write(as, at, tty_->foreground_group().value)); return i64{0};  // TIOCGPGRP works on the master
      default: return tty_->ioctl(who, command, argument, tty_->hangups());
    }
  }
  String link_text() const override { return String("/dev/ptmx"); }

 private:
  bool slave_gone() const { return pipe_->slave_opened.load() != 0 && tty_->opens.load() == 0; }
  Ref<Tty> tty_;
  Ref<PtyPipe> pipe_;
  Ref<PtyRegistry> registry_;
  u32 number_ = 0;
};

class SlaveDevice final : public fs::Device {
 public:
  SlaveDevice(Ref<Tty> t, Ref<PtyPipe> p) : tty_(std::move(t)), pipe_(std::move(p)) {}
  Result<Ref<fs::File>> open(const fs::OpenArgs& args, const Context& who) const override {
    if (pipe_->master_open.load() == 0 || pipe_->locked.load() != 0) return Errc::io;
    if (tty_->exclusive.load() != 0 && !who.capable(Capability::sys_admin)) return Errc::busy;
    pipe_->slave_opened.store(1);
    tty_->maybe_acquire(who, args.flags);
    return Ref<fs::File>(make_ref<TtyFile>(tty_, args.flags & (fs::oflag::access_mask | fs::oflag::nonblock | fs::oflag::largefile)));
  }

 private:
  Ref<Tty> tty_;
  Ref<PtyPipe> pipe_;
};

class PtmxDevice final : public fs::Device {
 public:
  explicit PtmxDevice(Ref<PtyRegistry> r) : registry_(std::move(r)) {}
  Result<Ref<fs::File>> open(const fs::OpenArgs& args, const Context& who) const override { return registry_->open_master(registry_, args.flags, who); }

 private:
  Ref<PtyRegistry> registry_;
};

Result<u32> parse_number(std::string_view text, u32 base) {
  u64 n = 0;
  if (text.empty()) return Errc::invalid_argument;
  for (const char c : text) {
    if (c < '0' || c >= '0' + static_cast<char>(base)) return Errc::invalid_argument;
    n = n * base + static_cast<u64>(c - '0');
    if (n > ~0U) return Errc::invalid_argument;
  }
  return static_cast<u32>(n);
}

fs::TmpfsOptions devpts_options() {
  fs::TmpfsOptions o{};
  o.size_bytes = kPageSize;
  o.root_mode = fs::Mode{0755};
  o.magic = 0x1cd1;  // DEVPTS_SUPER_MAGIC
  o.handles = false;
  return o;
}

}  // namespace

usize PtyPipe::room() const {
  if (master_open.load() == 0) return ~usize{0};
  return bytes_.with([](Vec<u8>& b) { return b.size() < kBuffer ? kBuffer - b.size() : 0; });
}
void PtyPipe::write(std::span<const u8> bytes) const {
  if (master_open.load() == 0) return;
  // Processed output may go a little over the limit.
  bytes_.with([&](Vec<u8>& b) { b.append(bytes); });
  readable.wake_all(poll::readable.bits);
}
void PtyPipe::closed() const { readable.wake_all((poll::hup | poll::readable).bits); }
Vec<u8> PtyPipe::take(usize n) const {
  return bytes_.with([&](Vec<u8>& b) {
    Vec<u8> out{};
    if (n >= b.size()) {
      std::swap(out, b);
      return out;
    }
    out = Vec<u8>::from(b.items().subspan(0, n));
    Vec<u8> rest = Vec<u8>::from(b.items().subspan(n));
    std::swap(b, rest);
    return out;
  });
}
usize PtyPipe::size() const {
  return bytes_.with([](Vec<u8>& b) { return b.size(); });
}
void PtyPipe::control(u8 bits) const {
  if (packet_mode.load() == 0) return;
  // A later word undoes the earlier one it contradicts.
  const u32 undone = bits == packet::stop ? packet::start : bits == packet::start ? packet::stop : bits == packet::do_stop ? packet::no_stop :
                     bits == packet::no_stop ? packet::do_stop : u32{0};
  control_.fetch_and(~undone);
  control_.fetch_or(bits);
  readable.wake_all((poll::readable | poll::pri).bits);
}
void PtyPipe::set_packet_mode(bool on) const {
  if (on && packet_mode.load() == 0) control_.store(0);
  packet_mode.store(on ? 1 : 0);
}

PtyRegistry::PtyRegistry(Ref<fs::DeviceTable> devices) : devices_(std::move(devices)), devpts_(fs::Tmpfs::create("devpts", 6, devpts_options())) {
  fs::Inode::NewInode n{};
  n.type = fs::FileType::character;
  n.mode = fs::Mode{0};
  n.rdev = DevId::make(5, 2);
  static_cast<void>(devpts_->root()->create("ptmx", n).ok());
}

Status PtyRegistry::configure(std::string_view options) const {
  Settings s{};
  for (usize at = 0; at < options.size();) {
    const usize comma = options.find(',', at) == std::string_view::npos ? options.size() : options.find(',', at);
    const std::string_view word = options.substr(at, comma - at);
    at = comma + 1;
    const usize eq = word.find('=');
    const std::string_view key = word.substr(0, eq);
    if (word.empty() || word == "newinstance") continue;
    if (eq == std::string_view::npos) return Errc::invalid_argument;
    const u32 n = TRY(parse_number(word.substr(eq + 1), key == "mode" || key == "ptmxmode" ? 8 : 10));
    if (key == "mode") s.mode = fs::Mode{static_cast<u16>(n & 0777)};
    else if (key == "ptmxmode") s.ptmx_mode = fs::Mode{static_cast<u16>(n & 0777)};
    else if (key == "uid") s.uid = Uid{n};
    else if (key == "gid") s.gid = Gid{n};
    else if (key != "max") return Errc::invalid_argument;
  }
  const Ref<fs::Inode> ptmx = TRY(devpts_->root()->lookup("ptmx"));
  fs::AttrChange c{};
  c.mode = s.ptmx_mode;
  if (c.mode) TRY(ptmx->set_attr(c));
  settings_.with([&](Settings& x) { x = s; });
  return Ok();
}

Result<Ref<fs::File>> PtyRegistry::open_master(const Ref<PtyRegistry>& self, u32 flags, const Context& who) const {
  const Opt<u32> number = numbers_.with([](Map<u32, u8>& m) -> Opt<u32> {
    for (u32 i = 0; i < kMaxPtys; ++i)
      if (m.insert(i, 0)) return i;
    return none;
  });
  if (!number) return Errc::no_space;
  const Ref<PtyPipe> pipe = make_ref<PtyPipe>();
  const DevId dev = DevId::make(kSlaveMajor, *number);
  const Ref<Tty> tty = make_ref<Tty>(dev, ostd::format("/dev/pts/{}", *number), Ref<TtyDevice>(pipe));
  devices_->add(dev, Ref<fs::Device>(make_ref<SlaveDevice>(tty, pipe)));
  fs::Inode::NewInode n{};
  n.type = fs::FileType::character;
  const Settings s = settings_.with([](Settings& x) { return x; });
  n.mode = s.mode;
  n.uid = s.uid ? *s.uid : who.credentials().values().fsuid;
  n.gid = s.gid ? *s.gid : who.credentials().values().fsgid;
  n.rdev = dev;
  static_cast<void>(devpts_->root()->create(ostd::format("{}", *number).view(), n).ok());
  return Ref<fs::File>(make_ref<MasterFile>(tty, pipe, self, *number, flags & (fs::oflag::access_mask | fs::oflag::nonblock | fs::oflag::largefile)));
}

void PtyRegistry::remove(u32 number) const {
  devices_->remove(DevId::make(kSlaveMajor, number));
  static_cast<void>(devpts_->root()->unlink(ostd::format("{}", number).view()).ok());
  numbers_.with([&](Map<u32, u8>& m) { m.remove(number); });
}

void add_ptys(const fs::DeviceTable& table, const Ref<PtyRegistry>& registry) {
  table.add(DevId::make(5, 2), Ref<fs::Device>(make_ref<PtmxDevice>(registry)));
}

}  // namespace svc::tty
