// SPDX-License-Identifier: MPL-2.0
// /proc/PID/mem: the memory of a process, its addresses as offsets. [proc(5)]
#pragma once
#include <services/fs/file.h>
#include <base/cap.h>
#include <services/vm/vm.h>

namespace svc::procfs {

class MemoryFile final : public fs::File {
 public:
  // With the right to read or to write, by how it is opened. Keeps nothing alive: once the process has ended or runs another
  // program there is nothing to read.
  MemoryFile(Ref<fs::Inode> inode, Opt<WeakCap<vm::Vm>> vm, u32 flags) : File(flags), inode_(std::move(inode)), vm_(std::move(vm)) {}
  Result<usize> read(const Context& who, Writer& to) const override;
  Result<usize> write(const Context& who, Reader& from) const override;
  Result<usize> read_at(const Context& who, u64 offset, Writer& to) const override;
  Result<usize> write_at(const Context& who, u64 offset, Reader& from) const override;
  Result<u64> seek(i64 offset, fs::Whence whence) const override;
  Rights<fs::File> offers() const override { return fs::file::seek; }
  Status truncate(u64 size) const override { return Ok(); }
  Opt<Ref<fs::Inode>> inode() const override { return inode_; }

 private:
  Ref<fs::Inode> inode_;
  Opt<DynCap<vm::Vm>> vm() const { return vm_ ? vm_->lock() : none; }
  Opt<WeakCap<vm::Vm>> vm_;
  Atomic<u64> position_{0};
};

}  // namespace svc::procfs
