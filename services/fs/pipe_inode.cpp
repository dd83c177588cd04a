// SPDX-License-Identifier: MPL-2.0
// The inode of a pipe that has no name: for fstat, and for opening an end again through /proc/PID/fd. [pipe(7)]
#include <ostd/time.h>
#include <services/fs/pipe.h>
#include <services/fs/pipe_file.h>

namespace svc::fs {
namespace {

// Its pipe is its attachment, as that of a fifo.
class PipeInode final : public Inode {
 public:
  PipeInode(Ref<PipeFs> fs, u64 ino, Uid uid, Gid gid) : fs_(std::move(fs)), ino_(ino), uid_(uid), gid_(gid), made_(FileTime{ostd::time::wall_now()}) {}
  Ref<FileSystem> file_system() const override { return fs_; }
  FileType type() const override { return FileType::fifo; }
  u64 ino() const override { return ino_; }
  Attr attr() const override {
    Attr a{};
    a.ino = ino_;
    a.type = FileType::fifo;
    a.mode = Mode{0600};
    a.uid = uid_;
    a.gid = gid_;
    a.atime = a.mtime = a.ctime = a.btime = made_;
    return a;
  }
  Status set_attr(const AttrChange& change) const override { return Errc::not_supported; }

 private:
  Ref<PipeFs> fs_;
  u64 ino_;
  Uid uid_;
  Gid gid_;
  FileTime made_;
};

}  // namespace

Ref<Inode> PipeFs::root() const { return pipe_inode(ref_of(*this), make_ref<Pipe>(u64{0}), Uid{}, Gid{}); }
StatFs PipeFs::statfs() const {
  StatFs s{};
  s.type_magic = 0x50495045;
  return s;
}

Ref<Inode> pipe_inode(Ref<PipeFs> fs, const Ref<Pipe>& pipe, Uid uid, Gid gid) {
  const Ref<PipeInode> i = make_ref<PipeInode>(std::move(fs), pipe->ino, uid, gid);
  static_cast<void>(i->attachment.set(Ref<RefCounted>(pipe)));
  return i;
}

}  // namespace svc::fs
