// SPDX-License-Identifier: MPL-2.0
// procfs [proc(5)]: inodes are made on lookup and die with their last user; names are checked again at every walk.
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

class ProcFs final : public fs::FileSystem {
 public:
  explicit ProcFs(Ref<Shared> shared) : shared_(std::move(shared)) {}
  std::string_view type_name() const [[clang::lifetimebound]] override { return "proc"; }
  Ref<fs::Inode> root() const override;
  fs::StatFs statfs() const override;
  DevId device() const override { return DevId::make(0, 3); }
  bool volatile_names() const override { return true; }

 private:
  Ref<Shared> shared_;
};

// The kind that mount(2) knows as "proc": one instance for all mounts. Options: none are understood. Starts counting the load.
Ref<proc::FileSystemType> proc_type(Ref<proc::System> system);

}  // namespace svc::procfs
