// SPDX-License-Identifier: MPL-2.0
// File: an open file description [open(2)], shared by descriptors. Pipes, devices, eventfd ... derive from it.
#pragma once
#include <base/cap.h>
#include <ostd/sync.h>
#include <ostd/wait.h>
#include <services/base/ranks.h>
#include <services/fs/file_locks.h>
#include <services/fs/inode.h>
#include <services/fs/path.h>

namespace svc::fs {

// Status flags that live in the description (F_GETFL), numbers of <fcntl.h>.
namespace oflag {
inline constexpr u32 access_mask = 3, rdonly = 0, wronly = 1, rdwr = 2, creat = 0100, excl = 0200, noctty = 0400, trunc = 01000, append = 02000,
    nonblock = 04000, dsync = 010000, async = 020000, direct = 040000, largefile = 0100000, directory = 0200000, nofollow = 0400000,
    noatime = 01000000, cloexec = 02000000, sync = 04010000, path = 010000000, tmpfile = 020200000;
}

enum class Whence : u8 { set = 0, current = 1, end = 2, data = 3, hole = 4 };

class PlaceHolder;  // mount.h: a Path, complete

class File;
// What an open file may be used for, fixed when it is opened: FdTable decides by the access mode and the kind of file.
//   control  ask and set what is not data: status flags, ioctl, sync, reading a folder. Only O_PATH does not give it.
//   read     its bytes
//   write    its bytes and size; never without append
//   append   more bytes at its end. O_APPEND is no right of its own: whoever has the file may set and clear it (F_SETFL).
//   seek     it has positions: with read and write, at any of them
//   map      its pages; FileMemory (mapped_file.h) decides what may be done with them
//   execute  its bytes and pages as a program, whether they may be read or not; only open_for_exec gives it
namespace file {
inline constexpr auto control = Rights<File>::bit(0), read = Rights<File>::bit(1), write = Rights<File>::bit(2), append = Rights<File>::bit(3),
                      seek = Rights<File>::bit(4), map = Rights<File>::bit(5), execute = Rights<File>::bit(6);
}
// Pages of a file, and the most that may be done with them whatever the descriptor allows.
struct Mappable {
  Ref<MemoryObject> object;
  Rights<MemoryObject> most = Rights<MemoryObject>::all();
};
Result<Cap<File, file::execute>> open_for_exec(const Ref<Inode>& inode);  // regular.h

class File : public RefCounted {
 public:
  class MintKey {
    friend class FdTable;
    friend class CoreFile;
    friend Result<Cap<File, file::execute>> open_for_exec(const Ref<Inode>& inode);
    explicit MintKey() {}
  };
  enum class Position : u8 { follows, stays };
  struct Calls {
    // Stream position versions: read(2), write(2). Blocking waits are interruptible: restart_syscall when nothing was done.
    // Errors as the man page of the kind of file says.
    Result<usize> read(this const Permits<file::read> auto& self, const Context& who, Writer& to) { return self->noted(self->read(who, to), notice::access); }
    Result<usize> read_at(this const Permits<file::read | file::seek> auto& self, const Context& who, u64 offset, Writer& to) { return self->noted(self->read_at(who, offset, to), notice::access); }
    Result<usize> load(this const Permits<file::execute> auto& self, const Context& who, u64 offset, Writer& to) { return self->noted(self->read_at(who, offset, to), notice::access); }
    Result<usize> write(this const Permits<file::write> auto& self, const Context& who, Reader& from) { return self->noted(self->write(who, from), notice::modify); }
    Result<usize> write_at(this const Permits<file::write | file::seek> auto& self, const Context& who, u64 offset, Reader& from) { return self->noted(self->write_at(who, offset, from), notice::modify); }
    // Writes at the end of a regular file whatever its position and flags; other files have no end.
    Result<usize> write_end(this const Permits<file::append> auto& self, const Context& who, Reader& from, Position position) { return self->noted(self->write_end(who, from, position), notice::modify); }
    Status truncate(this const Permits<file::write> auto& self, u64 size) { return self->noted(self->truncate(size), notice::modify); }
    Status fallocate(this const Permits<file::write> auto& self, u32 mode, u64 offset, u64 length) { return self->noted(self->fallocate(mode, offset, length), notice::modify); }
    Result<u64> seek(this const Permits<file::seek> auto& self, i64 offset, Whence whence) { return self->seek(offset, whence); }
    // Errors: no_device; not_permitted (seals).
    Result<Mappable> memory(this const Permits<file::map> auto& self, Prot prot, bool shared) { return self->memory(prot, shared); }
    Result<Mappable> program(this const Permits<file::execute> auto& self, Prot prot) { return self->memory(prot, false); }
    void set_flags(this const Permits<file::control> auto& self, u32 flags) { self->flags_.store(flags, Order::relaxed); }
    Result<i64> ioctl(this const Permits<file::control> auto& self, const Context& who, u32 command, u64 argument) { return self->ioctl(who, command, argument); }
    // Lists a directory from the file's position; advances it. Errors: not_directory.
    Status read_dir(this const Permits<file::control> auto& self, const Context& who, DirSink& sink) { return self->noted(self->read_dir(who, sink), notice::access); }
    Status sync(this const Permits<file::control> auto& self, bool data_only) { return self->sync(data_only); }
    // F_GETPIPE_SZ, F_SETPIPE_SZ.
    Result<u32> pipe_size(this const Permits<file::control> auto& self, Opt<u32> change) { return self->pipe_size(change); }
    // F_ADD_SEALS, F_GET_SEALS [fcntl(2)].
    Status add_seals(this const Permits<file::write> auto& self, u32 seals) { return self->add_seals(seals); }
    Result<u32> seals(this const Permits<file::control> auto& self) { return self->seals(); }
  };
  explicit File(u32 flags);
  u32 flags() const { return flags_.load(Order::relaxed); }
  // Access mode 3 opens for neither. [open(2)]
  bool readable() const { return ((flags() & oflag::access_mask) == oflag::rdonly || (flags() & oflag::access_mask) == oflag::rdwr) && !path_only(); }
  bool writable() const { return ((flags() & oflag::access_mask) == oflag::wronly || (flags() & oflag::access_mask) == oflag::rdwr) && !path_only(); }
  bool nonblocking() const { return (flags() & oflag::nonblock) != 0; }
  bool nonblocking(const Context& who) const { return nonblocking() || who.transfer.no_wait; }
  bool path_only() const { return (flags() & oflag::path) != 0; }

  // Tells who watches the file's place.
  void note(u32 events) const;

  // Which of seek and map this kind of file can give.
  virtual Rights<File> offers() const { return {}; }
  // It has no positions, and lseek(2) succeeds all the same.
  virtual bool ignores_seek() const { return false; }

  // A descriptor for it was closed, and the caller holds one reference; perhaps the last one that somebody can use.
  virtual void descriptor_closed() const {}
  // Whether SIGPIPE comes with EPIPE.
  virtual bool signals_broken_pipe() const { return true; }
  // Which flags of preadv2 and pwritev2 it takes: RWF_NOWAIT; any but RWF_HIPRI.
  struct Asks { bool no_wait = false, any = true; };
  virtual Asks read_asks() const { return {}; }
  virtual Asks write_asks() const { return {}; }

  // Readiness now. Hooks: told (WaitHook::woken with PollEvents bits as key) whenever readiness may have changed, from
  // poll_add until poll_remove. Files that are always ready need no hooks.
  // Not: epoll refuses it, as Linux does with regular files, directories and some devices.
  virtual bool pollable() const { return true; }
  virtual PollEvents poll() const { return poll::readable | poll::writable; }
  virtual void poll_add(Ref<WaitHook> hook) const {}
  virtual void poll_remove(const WaitHook& hook) const {}

  // The locks that this open file holds or wants (flock, F_OFD_*); they end with it.
  const FileLockHold& lock_hold(const Ref<Inode>& inode) const [[clang::lifetimebound]];
  // Extra lines of /proc/PID/fdinfo/N.
  virtual String fdinfo() const { return String(); }
  // For fstat and /proc/PID/fd: the inode behind it; anonymous files have none (fstat makes one up).
  virtual Opt<Ref<Inode>> inode() const;
  // The place it was opened at; nothing for pipes, sockets and other nameless files.
  Opt<Path> path() const;
  void set_path(Path p) const;
  // What readlink of /proc/PID/fd/N gives when there is no path: "pipe:[12]", "anon_inode:[eventfd]".
  virtual String link_text() const { return String("anon_inode:[file]"); }

  ~File() override;

 private:
  Result<usize> noted(Result<usize> r, u32 events) const {
    if (r.ok() && r.value() != 0) note(events);
    return r;
  }
  Status noted(Status s, u32 events) const {
    if (s.ok()) note(events);
    return s;
  }
  // Each kind of file overrides what it can do; users come through Calls.
  virtual Result<usize> read(const Context& who, Writer& to) const { return Errc::invalid_argument; }
  virtual Result<usize> write(const Context& who, Reader& from) const { return Errc::invalid_argument; }
  virtual Result<usize> read_at(const Context& who, u64 offset, Writer& to) const { return Errc::illegal_seek; }
  virtual Result<usize> write_at(const Context& who, u64 offset, Reader& from) const { return Errc::illegal_seek; }
  virtual Result<usize> write_end(const Context& who, Reader& from, Position position) const { return write(who, from); }
  virtual Status truncate(u64 size) const { return Errc::invalid_argument; }
  virtual Status fallocate(u32 mode, u64 offset, u64 length) const { return Errc::no_device; }
  virtual Result<u64> seek(i64 offset, Whence whence) const { return Errc::illegal_seek; }
  virtual Result<Mappable> memory(Prot prot, bool shared) const { return Errc::no_device; }
  virtual Result<i64> ioctl(const Context& who, u32 command, u64 argument) const { return Errc::not_a_terminal; }
  virtual Status read_dir(const Context& who, DirSink& sink) const { return Errc::not_directory; }
  virtual Status sync(bool data_only) const { return Errc::invalid_argument; }
  virtual Result<u32> pipe_size(Opt<u32> change) const { return Errc::bad_descriptor; }
  virtual Status add_seals(u32 seals) const { return Errc::invalid_argument; }
  virtual Result<u32> seals() const { return Errc::invalid_argument; }

  Atomic<u32> flags_;
  Once<Own<PlaceHolder>> place_{};
  Once<Ref<FileLockHold>> lock_hold_{};
};

}  // namespace svc::fs
