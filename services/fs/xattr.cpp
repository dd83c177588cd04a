// SPDX-License-Identifier: MPL-2.0
// Rules of extended attributes. [xattr(7), capabilities(7), acl(5)]
#include <base/static_str.h>
#include <services/fs/namei.h>
#include <services/fs/posix_acl.h>
#include <services/fs/xattr.h>

namespace svc::fs {
namespace {

constexpr StaticStr kUser = "user.", kTrusted = "trusted.", kSecurity = "security.", kSystem = "system.";
constexpr StaticStr kCapability = "security.capability", kAccessAcl = "system.posix_acl_access", kDefaultAcl = "system.posix_acl_default";

enum class Use : u8 { get, set };

Opt<AclKind> acl_kind(std::string_view name) {
  if (name == kAccessAcl.view()) return AclKind::access;
  if (name == kDefaultAcl.view()) return AclKind::standard;
  return none;
}
bool owner(const Context& who, const Attr& a) { return who.credentials().values().fsuid == a.uid || who.capable(Capability::fowner); }

Errc refused(Use use) { return use == Use::set ? Errc::not_permitted : Errc::no_data; }

// Who may touch attributes of this name at all.
Status may_use(const Context& who, const XattrPlace& at, std::string_view name, Use use) {
  if (name.starts_with(kSecurity.view()) || name.starts_with(kSystem.view())) return Ok();
  if (name.starts_with(kTrusted.view())) return who.capable(Capability::sys_admin) ? Status(Ok()) : Status(refused(use));
  if (name.starts_with(kUser.view())) {
    const FileType t = at.inode ? (*at.inode)->type() : FileType::anonymous;
    if (t != FileType::regular && t != FileType::directory) return refused(use);
    const Attr a = (*at.inode)->attr();
    if (t == FileType::directory && (a.mode.bits & 01000) != 0 && use == Use::set && !owner(who, a)) return Errc::not_permitted;
  }
  if (!at.inode) return Ok();
  return check_access(who, **at.inode, static_cast<u32>(use == Use::set ? May::write : May::read));
}

u32 word(std::span<const u8> bytes, usize i) {
  u32 v = 0;
  for (usize k = 0; k < 4; ++k) v |= static_cast<u32>(bytes[i * 4 + k]) << (8 * k);
  return v;
}
// Of security.capability: revision 2, or revision 3 with the root user of the namespace it is for.
constexpr u32 kRevision2 = 0x0200'0000, kRevision3 = 0x0300'0000, kRevisionMask = 0xff00'0000, kEffective = 1;
constexpr usize kSize2 = 20, kSize3 = 24;
bool well_formed(std::span<const u8> v) {
  if (v.size() != kSize2 && v.size() != kSize3) return false;
  return (word(v, 0) & kRevisionMask) == (v.size() == kSize2 ? kRevision2 : kRevision3);
}

// What changes security.* needs besides the right to reach the file. Errors: not_permitted, invalid_argument.
Status may_change_security(const Context& who, std::string_view name, Opt<Ref<XattrValue>> value) {
  if (!name.starts_with(kSecurity.view())) return Ok();
  if (name != kCapability.view()) return who.capable(Capability::sys_admin) ? Status(Ok()) : Status(Errc::not_permitted);
  if (value && !well_formed((*value)->bytes().items())) return Errc::invalid_argument;
  return who.capable(Capability::setfcap) ? Status(Ok()) : Status(Errc::not_permitted);
}

// The name must be one of a kind and more than that kind's prefix.
Status named(std::string_view name) {
  for (const StaticStr& prefix : {kUser, kTrusted, kSecurity})
    if (name.starts_with(prefix.view())) return name.size() == prefix.view().size() ? Status(Errc::invalid_argument) : Status(Ok());
  return Errc::not_supported;
}

Status change_acl(const Context& who, const XattrPlace& at, AclKind kind, Opt<Ref<Acl>> acl) {
  if (!at.inode || !(*at.inode)->has_acls()) return Errc::not_supported;
  const Inode& inode = **at.inode;
  const Attr a = inode.attr();
  if (a.type == FileType::symlink) return Errc::not_supported;
  if (kind == AclKind::standard && a.type != FileType::directory) return acl ? Status(Errc::access_denied) : Status(Ok());
  if (!owner(who, a)) return Errc::not_permitted;
  Opt<Mode> mode{};
  if (acl) TRY(check_acl(**acl));
  if (acl && kind == AclKind::access) {
    const AclMode m = acl_mode(**acl, a.mode.bits);
    u16 bits = m.bits;
    if (!who.credentials().in_group(a.gid) && !who.capable(Capability::fsetid)) bits &= static_cast<u16>(~02000U);
    mode = Mode{bits};
    if (m.all) acl = none;
  }
  TRY(inode.set_acl(kind, std::move(acl)));
  AttrChange c{};
  c.mode = mode;
  return inode.set_attr(c);
}

Status told(const XattrPlace& at, Status s) {
  if (s.ok() && at.dentry) tell_at(**at.dentry, notice::attrib, Done::by_name);
  return s;
}

Status writable(const XattrPlace& at) {
  if (at.mount) TRY((*at.mount)->writable());
  return Ok();
}

}  // namespace

Status set_xattr(const Context& who, const XattrPlace& at, std::string_view name, const Ref<XattrValue>& value, XattrSet how) {
  TRY(writable(at));
  if (const Opt<AclKind> kind = acl_kind(name)) {
    return told(at, change_acl(who, at, *kind, TRY(parse_acl(value->bytes().items()))));
  }
  // An empty one says nothing, and is for everybody.
  if (name == kCapability.view() && !value->bytes().empty()) TRY(may_change_security(who, name, Opt<Ref<XattrValue>>(value)));
  TRY(may_use(who, at, name, Use::set));
  if (name != kCapability.view()) TRY(may_change_security(who, name, none));
  if (!at.inode || !(*at.inode)->has_xattrs()) return Errc::not_supported;
  TRY(named(name));
  return told(at, (*at.inode)->set_xattr(name, Opt<Ref<XattrValue>>(value), how));
}

Status remove_xattr(const Context& who, const XattrPlace& at, std::string_view name) {
  TRY(writable(at));
  if (const Opt<AclKind> kind = acl_kind(name)) return told(at, change_acl(who, at, *kind, none));
  TRY(may_use(who, at, name, Use::set));
  TRY(may_change_security(who, name, none));
  if (!at.inode || !(*at.inode)->has_xattrs()) return Errc::not_supported;
  TRY(named(name));
  return told(at, (*at.inode)->set_xattr(name, none, XattrSet::replace));
}

Result<Ref<XattrValue>> get_xattr(const Context& who, const XattrPlace& at, std::string_view name) {
  if (const Opt<AclKind> kind = acl_kind(name)) {
    if (!at.inode || !(*at.inode)->has_acls() || (*at.inode)->type() == FileType::symlink) return Errc::not_supported;
    const Opt<Ref<Acl>> acl = (*at.inode)->acl(*kind);
    if (!acl) return Errc::no_data;
    return make_ref<XattrValue>(acl_text(**acl));
  }
  TRY(may_use(who, at, name, Use::get));
  if (!at.inode || !(*at.inode)->has_xattrs()) return Errc::not_supported;
  TRY(named(name));
  const Ref<XattrValue> v = TRY((*at.inode)->xattr(name));
  // Capabilities for this namespace are shown without its root user.
  if (name != kCapability.view() || v->bytes().size() != kSize3 || word(v->bytes().items(), 5) != 0) return v;
  Vec<u8> shown = v->bytes();
  shown.truncate(kSize2);
  shown[3] = kRevision2 >> 24;
  return make_ref<XattrValue>(std::move(shown));
}

String list_xattrs(const Context& who, const XattrPlace& at) {
  String out{};
  const auto add = [&](std::string_view name) {
    out.append(name);
    out.append('\0');
  };
  if (!at.inode) return out;
  if ((*at.inode)->acl(AclKind::access)) add(kAccessAcl.view());
  if ((*at.inode)->acl(AclKind::standard)) add(kDefaultAcl.view());
  const bool all = who.capable(Capability::sys_admin);
  const Vec<String> names = (*at.inode)->xattr_names();
  for (const String& n : names)
    if (all || !n.view().starts_with(kTrusted.view())) add(n.view());
  return out;
}

Result<Opt<FileCapabilities>> file_capabilities(const Inode& inode) {
  if (!inode.has_capabilities()) return Opt<FileCapabilities>();
  const Result<Ref<XattrValue>> found = inode.xattr(kCapability.view());
  if (!found.ok()) return Opt<FileCapabilities>();
  const std::span<const u8> v = found.value()->bytes().items();
  if (!well_formed(v)) return Errc::invalid_argument;
  if (v.size() == kSize3 && word(v, 5) != 0) return Opt<FileCapabilities>();  // for the root of another namespace
  FileCapabilities c{};
  c.effective = (word(v, 0) & kEffective) != 0;
  c.permitted = (word(v, 1) | static_cast<u64>(word(v, 3)) << 32) & kAllCapabilities;
  c.inheritable = (word(v, 2) | static_cast<u64>(word(v, 4)) << 32) & kAllCapabilities;
  return Opt<FileCapabilities>(c);
}

}  // namespace svc::fs
