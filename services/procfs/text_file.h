// SPDX-License-Identifier: MPL-2.0
// An open text file of procfs. Its text is made when reading starts (at offset 0, or anywhere but where the last read ended)
// and kept for the reads that go on from there, so a reader by small pieces sees one state.
#pragma once
#include <services/fs/file.h>
#include <services/procfs/entry.h>

namespace svc::procfs {

// What the check at opening gave, for a file of which not everybody may read: it goes on with this and asks no more.
struct Grant {
  Opt<Cap<proc::Thread, proc::thread::trace>> thread{};
  Opt<WeakCap<vm::Vm>> memory{};   // of the program that ran then
  Opt<String> text{};              // what there was then
};

class TextFile final : public fs::File {
 public:
  TextFile(Ref<fs::Inode> inode, Entry entry, Subject subject, Grant grant, u32 flags)
      : File(flags), inode_(std::move(inode)), entry_(std::move(entry)), subject_(std::move(subject)), grant_(std::move(grant)) {}
  Result<usize> read(const Context& who, Writer& to) const override;
  Result<usize> write(const Context& who, Reader& from) const override;
  Result<usize> read_at(const Context& who, u64 offset, Writer& to) const override;
  Result<usize> write_at(const Context& who, u64 offset, Reader& from) const override { return write(who, from); }
  Result<u64> seek(i64 offset, fs::Whence whence) const override;
  Rights<fs::File> offers() const override { return fs::file::seek; }
  Status truncate(u64 size) const override { return Ok(); }
  String fdinfo() const override;
  Opt<Ref<fs::Inode>> inode() const override { return inode_; }

 private:
  struct State {
    u64 position = 0;
    u64 read_end = 0;      // where the last read ended
    bool filled = false;
    String text{};
  };
  Status generate(const Context& who, String& out) const;
  Status refresh(const Context& who, u64 offset) const;
  static Result<usize> copy(State& s, u64 offset, Writer& to);
  Ref<fs::Inode> inode_;
  Entry entry_;
  Subject subject_;
  Grant grant_;
  MutexLocked<State, rank::kFilePosition> state_{};
};

}  // namespace svc::procfs
