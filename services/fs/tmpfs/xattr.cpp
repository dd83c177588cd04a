// SPDX-License-Identifier: MPL-2.0
// Extended attributes and access control lists of tmpfs inodes. They count as parts of inodes, so that nr_inodes limits them.
#include <services/fs/tmpfs/tmpfs.h>

namespace svc::fs {
namespace {
u64 room_for(usize name, usize value) { return 40 + name + value; }  // as Linux counts
}  // namespace

TmpInode::~TmpInode() {
  if (has_handle_.load() != 0) fs_->forget(ino_);
  u64 bytes = 0;
  extra_.with([&](Extra& x) {
    x.xattrs.each([&](const String& name, Ref<XattrValue>& v) { bytes += room_for(name.size(), v->bytes().size()); });
  });
  if (bytes != 0) fs_->give_inode_bytes(bytes);
  fs_->give_inode();
}

Result<Ref<XattrValue>> TmpInode::xattr(std::string_view name) const {
  const Opt<Ref<XattrValue>> v = extra_.with([&](Extra& x) { return x.xattrs.get(name); });
  if (!v) return Errc::no_data;
  return *v;
}

Status TmpInode::set_xattr(std::string_view name, Opt<Ref<XattrValue>> value, XattrSet how) const {
  const u64 room = value ? room_for(name.size(), (*value)->bytes().size()) : 0;
  if (value) TRY(fs_->take_inode_bytes(room));
  Opt<Ref<XattrValue>> old{};  // ends outside the lock
  const bool capability = name == "security.capability";
  const Status s = extra_.with([&](Extra& x) -> Status {
    old = x.xattrs.get(name);
    if (old && how == XattrSet::create) return Errc::exists;
    if (!old && how == XattrSet::replace) return Errc::no_data;
    if (value) static_cast<void>(x.xattrs.put(String(name), *value));
    else static_cast<void>(x.xattrs.remove(name));
    if (capability) capable_.store(value ? 1 : 0);
    return Ok();
  });
  if (!s.ok()) {
    if (value) fs_->give_inode_bytes(room);
    return s;
  }
  if (old) fs_->give_inode_bytes(room_for(name.size(), (*old)->bytes().size()));
  touch(false);
  return Ok();
}

Vec<String> TmpInode::xattr_names() const {
  return extra_.with([](Extra& x) {
    Vec<String> out{};
    Opt<String> name = x.xattrs.last_key();
    for (; name; name = x.xattrs.below(name->view())) out.push_back(name->copy());
    return out;
  });
}

Opt<Ref<Acl>> TmpInode::acl(AclKind kind) const {
  return extra_.with([&](Extra& x) { return kind == AclKind::access ? x.access : x.standard; });
}

Status TmpInode::set_acl(AclKind kind, Opt<Ref<Acl>> acl) const {
  const u32 there = acl ? 1 : 0;
  extra_.with([&](Extra& x) {
    std::swap(kind == AclKind::access ? x.access : x.standard, acl);
    if (kind == AclKind::access) listed_.store(there);
  });
  return Ok();
}

}  // namespace svc::fs
