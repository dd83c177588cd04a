// SPDX-License-Identifier: MPL-2.0
// Credentials of a thread: an immutable snapshot, replaced as a whole. [credentials(7), capabilities(7)]
#pragma once
#include <base/opt.h>
#include <base/own.h>
#include <base/vec.h>
#include <services/base/ids.h>

namespace svc {

enum class Capability : u8 {  // numbers of capabilities(7)
  chown = 0, dac_override = 1, dac_read_search = 2, fowner = 3, fsetid = 4, kill = 5, setgid = 6, setuid = 7, setpcap = 8,
  linux_immutable = 9, net_bind_service = 10, net_broadcast = 11, net_admin = 12, net_raw = 13, ipc_lock = 14, ipc_owner = 15,
  sys_module = 16, sys_rawio = 17, sys_chroot = 18, sys_ptrace = 19, sys_pacct = 20, sys_admin = 21, sys_boot = 22, sys_nice = 23,
  sys_resource = 24, sys_time = 25, sys_tty_config = 26, mknod = 27, lease = 28, audit_write = 29, audit_control = 30, setfcap = 31,
  mac_override = 32, mac_admin = 33, syslog = 34, wake_alarm = 35, block_suspend = 36, audit_read = 37, perfmon = 38, bpf = 39,
  checkpoint_restore = 40,
};
inline constexpr u64 kAllCapabilities = (1ULL << 41) - 1;

// The supplementary groups, sorted; shared by all credentials that were copied from each other.
class GroupList final : public RefCounted {
 public:
  explicit GroupList(Vec<Gid> ids) : ids_(std::move(ids)) {}
  const Vec<Gid>& ids() const [[clang::lifetimebound]] { return ids_; }

 private:
  Vec<Gid> ids_;
};

struct CredentialValues {
  Uid uid{}, euid{}, suid{}, fsuid{};
  Gid gid{}, egid{}, sgid{}, fsgid{};
  Opt<Ref<GroupList>> groups{};
  u64 permitted = kAllCapabilities, effective = kAllCapabilities, inheritable = 0, bounding = kAllCapabilities, ambient = 0;
  u32 securebits = 0;
  bool no_new_privs = false;
};

class Credentials final : public RefCounted {
 public:
  explicit Credentials(CredentialValues v) : v_(std::move(v)) {}
  const CredentialValues& values() const [[clang::lifetimebound]] { return v_; }
  bool capable(Capability c) const { return (v_.effective >> static_cast<u32>(c) & 1) != 0; }
  bool in_group(Gid g) const {
    if (v_.fsgid == g) return true;
    if (!v_.groups) return false;
    for (const Gid& x : (*v_.groups)->ids().items())
      if (x == g) return true;
    return false;
  }

 private:
  CredentialValues v_;
};

}  // namespace svc
