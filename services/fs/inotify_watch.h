// SPDX-License-Identifier: MPL-2.0
// A watch of inotify: what stands in an inode's list for one instance.
#pragma once
#include <services/fs/inotify.h>

namespace svc::fs {

class InotifyWatch final : public Watch {
 public:
  InotifyWatch(const Ref<Inotify>& group, Ref<Inode> inode, Ref<InotifyUse> use, i32 wd, u32 flags)
      : group_(group), inode_(std::move(inode)), use_(std::move(use)), wd_(wd), flags_(flags) {}
  ~InotifyWatch() override {
    inode_->file_system()->watches.remove(key_.load());
    use_->watches.fetch_sub(1);
  }
  void listed(u64 key) const { key_.store(key); }
  u32 mask() const override { return flags_.load(Order::relaxed) & notice::all; }
  void tell(u32 events, std::string_view name, About about) const override {
    const u32 flags = flags_.load();
    if (about.unlinked && (flags & Inotify::kExclUnlink) != 0) return;
    const Opt<Ref<Inotify>> group = group_.lock();
    if (!group) return;
    constexpr u32 kOfItself = notice::removed_self | notice::moved_self;
    const u32 shown = (events & kOfItself) != 0 ? events & ~notice::is_dir : events;
    (*group)->queue({wd_, shown, about.cookie, String(name)});
    if ((flags & Inotify::kOneshot) != 0 && inode_->watches.remove((*group)->owner())) (*group)->forget(wd_);
  }
  void ended() const override {
    const Opt<Ref<Inotify>> group = group_.lock();
    if (group) (*group)->forget(wd_);
  }
  void unmounted() const override {
    const Opt<Ref<Inotify>> group = group_.lock();
    if (!group || !inode_->watches.remove((*group)->owner())) return;
    (*group)->queue({wd_, notice::unmount | (inode_->type() == FileType::directory ? notice::is_dir : 0), 0, String()});
    (*group)->forget(wd_);
  }
  // IN_MASK_ADD: to what is there, flags too.
  void change(u32 mask) const {
    constexpr u32 kKept = notice::all | Inotify::kExclUnlink | Inotify::kOneshot;
    if ((mask & Inotify::kMaskAdd) != 0) static_cast<void>(flags_.fetch_or(mask & kKept));
    else flags_.store(mask & kKept);
  }
  const Ref<Inode>& inode() const [[clang::lifetimebound]] { return inode_; }
  i32 wd() const { return wd_; }
  u32 flags() const { return flags_.load(); }

 private:
  Weak<Inotify> group_;
  Ref<Inode> inode_;
  Ref<InotifyUse> use_;
  i32 wd_ = 0;
  Atomic<u32> flags_;
  Atomic<u64> key_{~0ULL};  // among the watches of the file system
};

}  // namespace svc::fs
