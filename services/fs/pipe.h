// SPDX-License-Identifier: MPL-2.0
// Pipes and fifos [pipe(7), fifo(7)].
#pragma once
#include <services/fs/inode.h>
#include <services/fs/file.h>

namespace svc::fs {

struct PipeEnds { Ref<File> read; Ref<File> write; };
// Where pipes without names are; one of a machine numbers them.
class PipeFs final : public FileSystem {
 public:
  // flags: O_NONBLOCK, O_DIRECT (packets) apply to both ends.
  Result<PipeEnds> make_pipe(const Context& who, u32 flags) const;
  std::string_view type_name() const [[clang::lifetimebound]] override { return "pipefs"; }
  Ref<Inode> root() const override;
  StatFs statfs() const override;
  DevId device() const override { return DevId::make(0, 14); }

 private:
  Atomic<u64> next_{1};
};
// Blocks (interruptible: restart_syscall) until the other end is there, unless O_NONBLOCK. Errors: no_device_address (O_WRONLY
// with O_NONBLOCK and no reader).
Result<Ref<File>> open_fifo(const Ref<Inode>& inode, u32 flags);

}  // namespace svc::fs
