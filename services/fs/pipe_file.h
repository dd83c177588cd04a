// SPDX-License-Identifier: MPL-2.0
// The inside of pipes.
#pragma once
#include <base/vec.h>
#include <ostd/reservation.h>
#include <services/fs/file.h>

namespace svc::fs {

class Pipe final : public RefCounted {
 public:
  // ino: of a pipe without a name.
  explicit Pipe(u64 number) : ino(number) {}
  // Copies out what is there (nothing: 0). Errors: fault.
  Result<usize> take(Writer& to, bool& was_full, bool& now_empty) const;
  // Copies in as much as fits. cut: a bad address came before the end. Errors: fault, out_of_memory.
  struct Put { usize count = 0; bool cut = false; };
  Result<Put> put(Reader& from, bool packet) const;
  // Takes out the first page's data, n bytes at most; nothing when the pipe is empty. put_back makes it the first again.
  struct Slot;
  Opt<Slot> take_first(usize n, bool& was_full) const;
  void put_back(Slot s) const;
  bool has_data() const;
  bool has_room() const;
  u32 bytes() const;
  // Moves (or shares, for tee) up to n bytes from one pipe to another, page by page. Wakes who waits for either.
  enum class Transfer : u8 { move, copy };
  static Result<usize> transfer(const Pipe& from, const Pipe& to, usize n, Transfer how);
  Result<u32> resize(Opt<u32> change) const;

  const u64 ino;
  Atomic<u32> readers{0}, writers{0}, had_writer{0};
  Atomic<u64> reader_opens{0}, writer_opens{0};   // opens of a fifo so far: an opener does not miss a short visit
  WaitQueue readable{}, writable{}, opened{};

  struct Moved { usize count = 0; bool finished = false; bool stop = false; };
  struct Slot {
    Opt<UFrame> frame{};
    u32 offset = 0, length = 0;
    bool packet = false;
    bool shared = false;     // with another slot: nothing is added to the page
    Result<Moved> give(Writer& to);
  };

 private:
  struct Ring {
    Vec<Slot> slots{};
    usize first = 0;         // slots before it are empty
    Opt<UFrame> spare{};
    void drop_first();
    Slot take_first(usize n);  // there is one
    void put_first(Slot s);
  };
  MutexLocked<Ring, rank::kPipe> ring_{};
  Atomic<u64> used_{0}, slots_{16};
};

class PipeFile final : public File {
 public:
  // inode: of a pipe without a name.
  PipeFile(Ref<Pipe> p, u32 flags, Opt<Ref<Inode>> inode);
  ~PipeFile() override;
  Result<usize> read(const Context& who, Writer& to) const override;
  Result<usize> write(const Context& who, Reader& from) const override;
  PollEvents poll() const override;
  void poll_add(Ref<WaitHook> hook) const override;
  void poll_remove(const WaitHook& hook) const override;
  Result<i64> ioctl(const Context& who, u32 command, u64 argument) const override;
  bool same_pipe(const PipeFile& o) const { return pipe_.same(o.pipe_); }
  // The pipe that f is an end of: to take from, to put into. Nothing for other files.
  static Opt<Ref<Pipe>> source(CapRef<File, file::read> f) { return of(*f); }
  static Opt<Ref<Pipe>> target(CapRef<File, file::write> f) { return of(*f); }
  Result<u32> pipe_size(Opt<u32> change) const override { return pipe_->resize(change); }
  // Not of fifos.
  Asks read_asks() const override { return {.no_wait = inode_.has_value()}; }
  Asks write_asks() const override { return {.no_wait = inode_.has_value()}; }
  String link_text() const override;
  Opt<Ref<Inode>> inode() const override { return inode_ ? inode_ : File::inode(); }

 private:
  static Opt<Ref<Pipe>> of(const File& f);
  Ref<Pipe> pipe_;
  Opt<Ref<Inode>> inode_;
};

class PipeFs;
Ref<Inode> pipe_inode(Ref<PipeFs> fs, const Ref<Pipe>& pipe, Uid uid, Gid gid);

}  // namespace svc::fs
