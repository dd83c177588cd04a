// SPDX-License-Identifier: MPL-2.0
// The inodes of procfs.
#pragma once
#include <services/procfs/entry.h>
#include <services/procfs/procfs.h>

namespace svc::procfs {

// What all have in common: nothing about them can be changed, and they end with what they are about.
class Node : public fs::Inode {
 public:
  Node(Ref<ProcFs> fs, Subject subject, u64 ino);
  Ref<fs::FileSystem> file_system() const override { return fs_; }
  u64 ino() const override { return ino_; }
  Status set_attr(const fs::AttrChange& change) const override { return Errc::not_permitted; }
  Result<Ref<fs::Inode>> create(std::string_view name, const NewInode& what) const override;
  Status rename(std::string_view name, const Ref<fs::Inode>& to_dir, std::string_view to_name, RenameMode mode) const override;
  bool current() const override;
  const Subject& subject() const [[clang::lifetimebound]] { return subject_; }

 protected:
  fs::Attr base_attr(fs::FileType type, u16 mode) const;
  const Ref<ProcFs>& proc() const [[clang::lifetimebound]] { return fs_; }

 private:
  Ref<ProcFs> fs_;
  Subject subject_;
  u64 ino_;
  FileTime made_;
};

// A directory: fixed entries, then those that depend on what there is now (processes, threads, descriptors) by number.
class DirNode final : public Node {
 public:
  DirNode(Ref<ProcFs> fs, Subject subject, Dir dir, u16 mode, u64 ino) : Node(std::move(fs), std::move(subject), ino), dir_(dir), mode_(mode) {}
  fs::FileType type() const override { return fs::FileType::directory; }
  fs::Attr attr() const override;
  Status permission(const Context& who, Status by_mode) const override;
  Result<Ref<fs::Inode>> lookup(std::string_view name) const override;
  Status read_dir(u64 cookie, fs::DirSink& sink, u64& after) const override;

 private:
  Result<Ref<fs::Inode>> numbered(i32 n) const;
  Ref<fs::Inode> fixed(usize index, const Entry& e) const;
  // The lowest number from `from` on that is a name here now.
  Opt<i32> next_number(i32 from) const;
  fs::FileType numbered_type() const;
  u64 ino_of(u64 kind, u64 n) const;
  Dir dir_;
  u16 mode_;
};

// A text file or a link of a table.
class EntryNode final : public Node {
 public:
  EntryNode(Ref<ProcFs> fs, Subject subject, Entry entry, u64 ino) : Node(std::move(fs), std::move(subject), ino), entry_(std::move(entry)) {}
  fs::FileType type() const override { return entry_.type; }
  fs::Attr attr() const override;
  Status truncate(u64 size) const override { return Ok(); }
  Result<String> read_link(const Context& who) const override;
  Result<Opt<fs::Path>> follow_magic(const Context& who) const override;
  Result<Opt<Ref<fs::File>>> open(const fs::OpenArgs& args, const Context& who) const override;

 private:
  Entry entry_;
};

// Descriptors (fd_links.cpp).
Entry fd_link_entry();
Entry fd_info_entry();
bool fd_open(const Subject& s);
u16 fd_link_mode(const Subject& s);

}  // namespace svc::procfs
