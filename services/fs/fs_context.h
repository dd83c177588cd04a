// SPDX-License-Identifier: MPL-2.0
// FsContext: root, working directory and umask of a process (shared by CLONE_FS).
#pragma once
#include <services/fs/mount.h>

namespace svc::fs {

class FsContext final : public RefCounted {
 public:
  FsContext(Cap<MountNamespace, mounts::change | mounts::copy | kDup> ns, Path root, Path cwd, u32 umask);
  Ref<MountNamespace> mounts() const;  // to walk
  // To change or copy: the one check. Errors: not_permitted without CAP_SYS_ADMIN.
  Result<Cap<MountNamespace, mounts::change | mounts::copy>> change_mounts(const Context& who) const;
  Path root() const;
  Path cwd() const;
  u32 umask() const { return umask_.load(Order::relaxed); }
  u32 set_umask(u32 m) const { return umask_.exchange(m & 0777); }
  void set_root(Path p) const;
  void set_cwd(Path p) const;
  Ref<FsContext> clone() const;

 private:
  struct State {
    Cap<MountNamespace, mounts::change | mounts::copy | kDup> ns;
    Path root;
    Path cwd;
  };
  Cap<MountNamespace, mounts::change | mounts::copy | kDup> share() const;
  Atomic<u32> umask_;
  SpinLocked<State, rank::kFsContext> state_;
};

}  // namespace svc::fs
