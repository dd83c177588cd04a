// SPDX-License-Identifier: MPL-2.0
// The value of an extended attribute, and an access control list as inodes keep it. [xattr(7), acl(5)]
#pragma once
#include <base/own.h>
#include <base/vec.h>
#include <services/base/ids.h>

namespace svc::fs {
using namespace ostd;

// Never changed: it can be copied out without a lock.
class XattrValue final : public RefCounted {
 public:
  explicit XattrValue(Vec<u8> bytes) : bytes_(std::move(bytes)) {}
  const Vec<u8>& bytes() const [[clang::lifetimebound]] { return bytes_; }

 private:
  Vec<u8> bytes_;
};
enum class XattrSet : u8 { any, create, replace };

enum class AclTag : u16 { user_obj = 1, user = 2, group_obj = 4, group = 8, mask = 16, other = 32 };  // numbers of acl(5)'s xattr form
struct AclEntry {
  AclTag tag = AclTag::other;
  u16 permissions = 0;
  u32 id = 0;
};
// access: who may use the file; standard: what new files in a directory begin with ("default").
enum class AclKind : u8 { access, standard };
class Acl final : public RefCounted {
 public:
  explicit Acl(Vec<AclEntry> entries) : entries_(std::move(entries)) {}
  const Vec<AclEntry>& entries() const [[clang::lifetimebound]] { return entries_; }

 private:
  Vec<AclEntry> entries_;
};

}  // namespace svc::fs
