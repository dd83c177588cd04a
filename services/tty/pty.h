// SPDX-License-Identifier: MPL-2.0
// Pseudo-terminals [pty(7)]: /dev/ptmx makes a pair; the slaves appear in devpts.
#pragma once
#include <base/map.h>
#include <services/fs/device.h>
#include <services/fs/tmpfs/tmpfs.h>
#include <services/tty/tty.h>

namespace svc::tty {

// What the slave writes, waiting for the master's reader; the master's side of the pair.
class PtyPipe final : public TtyDevice {
 public:
  usize room() const override;
  void write(std::span<const u8> bytes) const override;
  void closed() const override;            // the slave's last open file went
  void control(u8 packet_bits) const override;
  Vec<u8> take(usize n) const;
  usize size() const;
  bool has_data() const { return size() != 0; }
  // The control byte of packet mode; 0 if there is nothing to tell.
  u8 take_control() const { return static_cast<u8>(control_.exchange(0)); }
  bool has_control() const { return packet_mode.load() != 0 && control_.load() != 0; }
  void set_packet_mode(bool on) const;
  Atomic<u32> master_open{1}, slave_opened{0}, locked{1}, packet_mode{0};
  WaitQueue readable{};

 private:
  Atomic<u32> control_{0};
  SpinLocked<Vec<u8>, rank::kEventState> bytes_{};
};

class PtyRegistry final : public RefCounted {
 public:
  explicit PtyRegistry(Ref<fs::DeviceTable> devices);
  // The file system behind every mount of devpts.
  // Mount options of devpts: mode and owner of new slaves, mode of ptmx. Errors: invalid_argument.
  Status configure(std::string_view options) const;
  const Ref<fs::Tmpfs>& devpts() const [[clang::lifetimebound]] { return devpts_; }
  Result<Ref<fs::File>> open_master(const Ref<PtyRegistry>& self, u32 flags, const Context& who) const;
  void remove(u32 number) const;

 private:
  Ref<fs::DeviceTable> devices_;
  Ref<fs::Tmpfs> devpts_;
  struct Settings {
    fs::Mode mode{0600};
    Opt<Uid> uid{};
    Opt<Gid> gid{};
    Opt<fs::Mode> ptmx_mode{};
  };
  SpinLocked<Map<u32, u8>, rank::kEventState> numbers_{};
  SpinLocked<Settings, rank::kLeaf> settings_{};
};

void add_ptys(const fs::DeviceTable& table, const Ref<PtyRegistry>& registry);

}  // namespace svc::tty
