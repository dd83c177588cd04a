// SPDX-License-Identifier: MPL-2.0
// The file of a core dump [core(5)]: a new regular file that only its owner may use, written from its beginning on.
#pragma once
#include <services/fs/fs_context.h>

namespace svc::fs {

class CoreFile {
 public:
  // own: in the caller's own view, in the place of what has the name; root: below the root of the mounts, and nothing may be there.
  enum class Place : u8 { own, root };
  // Errors: what open(2) gives, not_permitted (it is not what it should be).
  static Result<CoreFile> create(const Context& who, const FsContext& fs, std::string_view name, Place place);
  // All of it, at this position. Errors: write(2)'s.
  Status write(const Context& who, u64 offset, std::span<const u8> bytes) const;

 private:
  explicit CoreFile(Cap<File, file::write | file::seek> f) : file_(std::move(f)) {}
  Cap<File, file::write | file::seek> file_;
};

}  // namespace svc::fs
