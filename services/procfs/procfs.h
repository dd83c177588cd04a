// SPDX-License-Identifier: MPL-2.0
// procfs [proc(5)]: inodes are made on lookup and die with their last user; names are checked again at every walk.
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

class ProcFs final : public fs::FileSystem {
 public:
  // top: Dir::root, or Dir::sysfs for the file system of that name.
  explicit ProcFs(Ref<Shared> shared, Dir top = Dir::root) : shared_(std::move(shared)), top_(top) {}
  std::string_view type_name() const [[clang::lifetimebound]] override { return top_ == Dir::sysfs ? "sysfs" : "proc"; }
  Ref<fs::Inode> root() const override;
  fs::StatFs statfs() const override;
  DevId device() const override { return DevId::make(0, top_ == Dir::sysfs ? 4 : 3); }
  bool is_sysfs() const { return top_ == Dir::sysfs; }
  bool volatile_names() const override { return !is_sysfs(); }

 private:
  Ref<Shared> shared_;
  Dir top_;
};

// The kinds that mount(2) knows as "proc" and "sysfs": one instance each for all mounts. Options: none are understood. Starts counting
// the load.
void add_types(const Ref<proc::System>& system);

}  // namespace svc::procfs
