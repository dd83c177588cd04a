// SPDX-License-Identifier: MPL-2.0
// Access control lists. The rules are those of the withdrawn POSIX 1003.1e draft 17 as acl(5) gives them.
#include <services/fs/posix_acl.h>

namespace svc::fs {
namespace {

constexpr u32 kVersion = 2, kNoId = ~0U;
constexpr usize kHeader = 4, kEntry = 8;
constexpr u16 kAll = 7;

u32 number(std::span<const u8> bytes, usize at, u32 n) {
  u32 v = 0;
  for (u32 i = 0; i < n; ++i) v |= static_cast<u32>(bytes[at + i]) << (8 * i);
  return v;
}
void put(Vec<u8>& out, u32 v, u32 n) {
  for (u32 i = 0; i < n; ++i) out.push_back(static_cast<u8>(v >> (8 * i) & 0xff));
}
bool known(u32 tag) { return tag == 1 || tag == 2 || tag == 4 || tag == 8 || tag == 16 || tag == 32; }
bool named(AclTag t) { return t == AclTag::user || t == AclTag::group; }

// The entry that stands for the group bits of the mode: the mask, or without one the group.
Opt<usize> group_entry(const Vec<AclEntry>& v) {
  Opt<usize> found{};
  for (usize i = 0; i < v.size(); ++i)
    if (v[i].tag == AclTag::mask || (v[i].tag == AclTag::group_obj && !found)) found = i;
  return found;
}

}  // namespace

Result<Opt<Ref<Acl>>> parse_acl(std::span<const u8> value) {
  if (value.empty()) return Opt<Ref<Acl>>();
  if (value.size() < kHeader) return Errc::invalid_argument;
  if (number(value, 0, 4) != kVersion) return Errc::not_supported;
  if ((value.size() - kHeader) % kEntry != 0) return Errc::invalid_argument;
  if (value.size() == kHeader) return Opt<Ref<Acl>>();
  Vec<AclEntry> entries{};
  for (usize at = kHeader; at < value.size(); at += kEntry) {
    const u32 tag = number(value, at, 2);
    if (!known(tag)) return Errc::invalid_argument;
    AclEntry e{static_cast<AclTag>(tag), static_cast<u16>(number(value, at + 2, 2)), number(value, at + 4, 4)};
    if (named(e.tag) && e.id == kNoId) return Errc::invalid_argument;
    if (!named(e.tag)) e.id = kNoId;
    entries.push_back(e);
  }
  return Opt<Ref<Acl>>(make_ref<Acl>(std::move(entries)));
}

Vec<u8> acl_text(const Acl& acl) {
  Vec<u8> out{};
  put(out, kVersion, 4);
  for (const AclEntry& e : acl.entries().items()) {
    put(out, static_cast<u32>(e.tag), 2);
    put(out, e.permissions, 2);
    put(out, e.id, 4);
  }
  return out;
}

// The owner, named users, the group, named groups, the mask if anything has a name, the others: in this order.
Status check_acl(const Acl& acl) {
  enum class Next : u8 { owner, users, groups, others, end };
  Next next = Next::owner;
  bool needs_mask = false;
  for (const AclEntry& e : acl.entries().items()) {
    if ((e.permissions & ~kAll) != 0) return Errc::invalid_argument;
    bool fits = false;
    switch (e.tag) {
      case AclTag::user_obj:
        fits = next == Next::owner;
        next = Next::users;
        break;
      case AclTag::user: fits = next == Next::users; break;
      case AclTag::group_obj:
        fits = next == Next::users;
        next = Next::groups;
        break;
      case AclTag::group: fits = next == Next::groups; break;
      case AclTag::mask:
        fits = next == Next::groups;
        next = Next::others;
        break;
      case AclTag::other:
        fits = next == Next::others || (next == Next::groups && !needs_mask);
        next = Next::end;
        break;
    }
    if (!fits) return Errc::invalid_argument;
    needs_mask = needs_mask || named(e.tag);
  }
  return next == Next::end ? Status(Ok()) : Status(Errc::invalid_argument);
}

AclMode acl_mode(const Acl& acl, u16 mode) {
  u32 bits = 0;
  bool all = true, masked = false;
  for (const AclEntry& e : acl.entries().items()) {
    const u32 p = e.permissions & 7U;
    switch (e.tag) {
      case AclTag::user_obj: bits |= p << 6; break;
      case AclTag::group_obj: bits |= masked ? 0 : p << 3; break;
      case AclTag::other: bits |= p; break;
      case AclTag::mask:
        bits = (bits & ~070U) | p << 3;
        masked = true;
        all = false;
        break;
      case AclTag::user:
      case AclTag::group: all = false; break;
    }
  }
  return {static_cast<u16>((mode & 07000) | bits), all};
}

Status acl_allows(const Credentials& who, const Acl& acl, Gid group, u32 may) {
  u32 mask = kAll;
  for (const AclEntry& e : acl.entries().items())
    if (e.tag == AclTag::mask) mask = e.permissions;
  bool in_a_group = false;
  for (const AclEntry& e : acl.entries().items()) {
    const u32 p = e.permissions;
    switch (e.tag) {
      case AclTag::user_obj:
      case AclTag::mask: break;
      case AclTag::user:
        if (who.values().fsuid.value == e.id) return (may & ~(p & mask)) == 0 ? Status(Ok()) : Status(Errc::access_denied);
        break;
      case AclTag::group_obj:
      case AclTag::group: {
        if (!who.in_group(e.tag == AclTag::group ? Gid{e.id} : group)) break;
        in_a_group = true;
        if ((may & ~p) == 0) return (may & ~mask) == 0 ? Status(Ok()) : Status(Errc::access_denied);
        break;
      }
      case AclTag::other: return !in_a_group && (may & ~p) == 0 ? Status(Ok()) : Status(Errc::access_denied);
    }
  }
  return Errc::io;
}

Inherited inherit_acl(const Acl& standard, u16 mode) {
  Vec<AclEntry> v = standard.entries();
  for (AclEntry& e : v) {
    if (e.tag == AclTag::user_obj) e.permissions &= static_cast<u16>(mode >> 6 & 7);
    if (e.tag == AclTag::other) e.permissions &= static_cast<u16>(mode & 7);
  }
  const Opt<usize> group = group_entry(v);
  if (group) v[*group].permissions &= static_cast<u16>(mode >> 3 & 7);
  const Ref<Acl> acl = make_ref<Acl>(std::move(v));
  return {acl, acl_mode(*acl, mode)};
}

Ref<Acl> acl_with_mode(const Acl& acl, u16 mode) {
  Vec<AclEntry> v = acl.entries();
  for (AclEntry& e : v) {
    if (e.tag == AclTag::user_obj) e.permissions = static_cast<u16>(mode >> 6 & 7);
    if (e.tag == AclTag::other) e.permissions = static_cast<u16>(mode & 7);
  }
  const Opt<usize> group = group_entry(v);
  if (group) v[*group].permissions = static_cast<u16>(mode >> 3 & 7);
  return make_ref<Acl>(std::move(v));
}

}  // namespace svc::fs
