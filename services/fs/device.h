// SPDX-License-Identifier: MPL-2.0
// Character devices by number: what opening a device node of any file system gives.
#pragma once
#include <base/map.h>
#include <services/base/ranks.h>
#include <services/fs/inode.h>

namespace svc::fs {

class Device : public RefCounted {
 public:
  // A new open file. Errors: the device's own; no_device_address when it is not there.
  virtual Result<Ref<File>> open(const OpenArgs& args, const Context& who) const = 0;
};

class DeviceTable final : public RefCounted {
 public:
  DeviceTable() = default;
  void add(DevId number, Ref<Device> device) const;
  void remove(DevId number) const;
  Opt<Ref<Device>> find(DevId number) const;
  void each(FnRef<void(DevId)> f) const;
  // Mounted file systems, by the number that stat(2) shows for their files.
  void add(const Ref<FileSystem>& fs) const;
  Opt<Ref<FileSystem>> file_system(DevId number) const;

 private:
  SpinLocked<Map<u64, Ref<Device>>, rank::kLeaf> map_{};
  SpinLocked<Map<u64, Weak<FileSystem>>, rank::kLeaf> file_systems_{};
};

}  // namespace svc::fs
