// SPDX-License-Identifier: MPL-2.0
// User and group ids. [credentials(7), setuid(2), setreuid(2), setresuid(2), setfsuid(2), getgroups(2)]
#include <services/syscall/sys_creds.h>

namespace svc::sys {
namespace {

constexpr u32 kKeep = ~0U;

// capabilities(7), "Effect of user ID changes on capabilities".
void fix_capabilities(CredentialValues& now, const CredentialValues& old) {
  constexpr u32 kNoSetuidFixup = 4, kKeepCaps = 16;
  constexpr u64 kFsCaps = 0x1f | 1ULL << 27 | 1ULL << 9 | 1ULL << 32;  // chown dac* fowner fsetid, mknod, linux_immutable, mac_override
  if ((now.securebits & kNoSetuidFixup) != 0) return;
  const bool had_root = old.uid.value == 0 || old.euid.value == 0 || old.suid.value == 0;
  const bool has_root = now.uid.value == 0 || now.euid.value == 0 || now.suid.value == 0;
  if (had_root && !has_root) {
    if ((now.securebits & kKeepCaps) == 0) {
      now.permitted = 0;
      now.ambient = 0;
    }
    now.effective = 0;
  }
  if (old.euid.value == 0 && now.euid.value != 0) now.effective = 0;
  if (old.euid.value != 0 && now.euid.value == 0) now.effective = now.permitted;
  if (old.fsuid.value == 0 && now.fsuid.value != 0) now.effective &= ~kFsCaps;
  if (old.fsuid.value != 0 && now.fsuid.value == 0) now.effective |= now.permitted & kFsCaps;
}

void commit(Caller& c, CredentialValues now) {
  const CredentialValues& old = c.credentials().values();
  const bool changed = old.euid != now.euid || old.egid != now.egid || old.fsuid != now.fsuid || old.fsgid != now.fsgid;
  fix_capabilities(now, old);
  if (changed) c.self().words().dumpable.store(static_cast<u32>(c.system().core().suid_dumpable.load()));
  c.use_credentials(make_ref<Credentials>(std::move(now)));
}

// RLIMIT_NPROC is looked at by the next execve or fork, as on Linux.
bool one_of(u32 id, u32 a, u32 b, u32 d) { return id == a || id == b || id == d; }

}  // namespace

SysResult sys_getuid(Caller& c) { return static_cast<i64>(c.credentials().values().uid.value); }
SysResult sys_geteuid(Caller& c) { return static_cast<i64>(c.credentials().values().euid.value); }
SysResult sys_getgid(Caller& c) { return static_cast<i64>(c.credentials().values().gid.value); }
SysResult sys_getegid(Caller& c) { return static_cast<i64>(c.credentials().values().egid.value); }

SysResult sys_setuid(Caller& c, u32 uid) {
  if (uid == kKeep) return Errc::invalid_argument;
  CredentialValues v = c.credentials().values();
  if (c.capable(Capability::setuid)) v.uid = v.suid = Uid{uid};
  else if (uid != v.uid.value && uid != v.suid.value) return Errc::not_permitted;
  v.euid = v.fsuid = Uid{uid};
  commit(c, std::move(v));
  return 0;
}
SysResult sys_setgid(Caller& c, u32 gid) {
  if (gid == kKeep) return Errc::invalid_argument;
  CredentialValues v = c.credentials().values();
  if (c.capable(Capability::setgid)) v.gid = v.sgid = Gid{gid};
  else if (gid != v.gid.value && gid != v.sgid.value) return Errc::not_permitted;
  v.egid = v.fsgid = Gid{gid};
  commit(c, std::move(v));
  return 0;
}

SysResult sys_setreuid(Caller& c, u32 ruid, u32 euid) {
  CredentialValues v = c.credentials().values();
  const bool may = c.capable(Capability::setuid);
  const u32 r = v.uid.value, e = v.euid.value, s = v.suid.value;
  if (ruid != kKeep && !may && ruid != r && ruid != e) return Errc::not_permitted;
  if (euid != kKeep && !may && !one_of(euid, r, e, s)) return Errc::not_permitted;
  if (ruid != kKeep) v.uid = Uid{ruid};
  if (euid != kKeep) v.euid = Uid{euid};
  if (ruid != kKeep || (euid != kKeep && euid != r)) v.suid = v.euid;
  v.fsuid = v.euid;
  commit(c, std::move(v));
  return 0;
}
SysResult sys_setregid(Caller& c, u32 rgid, u32 egid) {
  CredentialValues v = c.credentials().values();
  const bool may = c.capable(Capability::setgid);
  const u32 r = v.gid.value, e = v.egid.value, s = v.sgid.value;
  if (rgid != kKeep && !may && rgid != r && rgid != e) return Errc::not_permitted;
  if (egid != kKeep && !may && !one_of(egid, r, e, s)) return Errc::not_permitted;
  if (rgid != kKeep) v.gid = Gid{rgid};
  if (egid != kKeep) v.egid = Gid{egid};
  if (rgid != kKeep || (egid != kKeep && egid != r)) v.sgid = v.egid;
  v.fsgid = v.egid;
  commit(c, std::move(v));
  return 0;
}

SysResult sys_setresuid(Caller& c, u32 ruid, u32 euid, u32 suid) {
  CredentialValues v = c.credentials().values();
  const u32 r = v.uid.value, e = v.euid.value, s = v.suid.value;
  if (!c.capable(Capability::setuid))
    if ((ruid != kKeep && !one_of(ruid, r, e, s)) || (euid != kKeep && !one_of(euid, r, e, s)) || (suid != kKeep && !one_of(suid, r, e, s)))
      return Errc::not_permitted;
  if (ruid != kKeep) v.uid = Uid{ruid};
  if (euid != kKeep) v.euid = Uid{euid};
  if (suid != kKeep) v.suid = Uid{suid};
  v.fsuid = v.euid;
  commit(c, std::move(v));
  return 0;
}
SysResult sys_setresgid(Caller& c, u32 rgid, u32 egid, u32 sgid) {
  CredentialValues v = c.credentials().values();
  const u32 r = v.gid.value, e = v.egid.value, s = v.sgid.value;
  if (!c.capable(Capability::setgid))
    if ((rgid != kKeep && !one_of(rgid, r, e, s)) || (egid != kKeep && !one_of(egid, r, e, s)) || (sgid != kKeep && !one_of(sgid, r, e, s)))
      return Errc::not_permitted;
  if (rgid != kKeep) v.gid = Gid{rgid};
  if (egid != kKeep) v.egid = Gid{egid};
  if (sgid != kKeep) v.sgid = Gid{sgid};
  v.fsgid = v.egid;
  commit(c, std::move(v));
  return 0;
}

SysResult sys_getresuid(Caller& c, UserPtr<u32> ruid, UserPtr<u32> euid, UserPtr<u32> suid) {
  const CredentialValues& v = c.credentials().values();
  TRY(user::write(c.address_space(), ruid.at, v.uid.value));
  TRY(user::write(c.address_space(), euid.at, v.euid.value));
  TRY(user::write(c.address_space(), suid.at, v.suid.value));
  return 0;
}
SysResult sys_getresgid(Caller& c, UserPtr<u32> rgid, UserPtr<u32> egid, UserPtr<u32> sgid) {
  const CredentialValues& v = c.credentials().values();
  TRY(user::write(c.address_space(), rgid.at, v.gid.value));
  TRY(user::write(c.address_space(), egid.at, v.egid.value));
  TRY(user::write(c.address_space(), sgid.at, v.sgid.value));
  return 0;
}

// These two report the old id, whether it could be changed or not.
SysResult sys_setfsuid(Caller& c, u32 uid) {
  CredentialValues v = c.credentials().values();
  const u32 old = v.fsuid.value;
  const bool may = c.capable(Capability::setuid) || one_of(uid, v.uid.value, v.euid.value, v.suid.value) || uid == old;
  if (uid != kKeep && may) {
    v.fsuid = Uid{uid};
    commit(c, std::move(v));
  }
  return static_cast<i64>(old);
}
SysResult sys_setfsgid(Caller& c, u32 gid) {
  CredentialValues v = c.credentials().values();
  const u32 old = v.fsgid.value;
  const bool may = c.capable(Capability::setgid) || one_of(gid, v.gid.value, v.egid.value, v.sgid.value) || gid == old;
  if (gid != kKeep && may) {
    v.fsgid = Gid{gid};
    commit(c, std::move(v));
  }
  return static_cast<i64>(old);
}

SysResult sys_getgroups(Caller& c, i32 size, UserPtr<u32> list) {
  const Opt<Ref<GroupList>> groups = c.credentials().values().groups;
  const usize count = groups ? (*groups)->ids().size() : 0;
  if (size < 0) return Errc::invalid_argument;
  if (size == 0) return static_cast<i64>(count);
  if (static_cast<usize>(size) < count) return Errc::invalid_argument;
  for (usize done = 0; done < count;) {
    Array<u32, 64> part{};
    const usize n = count - done < part.size() ? count - done : part.size();
    for (usize i = 0; i < n; ++i) part[i] = (*groups)->ids()[done + i].value;
    TRY(user::write_array<u32>(c.address_space(), (list + done).at, part.items().subspan(0, n)));
    done += n;
  }
  return static_cast<i64>(count);
}
SysResult sys_setgroups(Caller& c, i32 size, UserPtr<u32> list) {
  constexpr i32 kMost = 65536;
  if (!c.capable(Capability::setgid)) return Errc::not_permitted;
  if (size < 0 || size > kMost) return Errc::invalid_argument;
  const usize count = static_cast<usize>(size);
  const Vec<u32> raw = TRY(user::read_array<u32>(c.address_space(), list.at, count));
  TRY(mem::reserve(4 + 2 * (count * sizeof(Gid) >> kPageShift)));
  Vec<Gid> ids{};
  ids.reserve(count);
  for (const u32& g : raw) {
    if (g == kKeep) return Errc::invalid_argument;
    ids.push_back(Gid{g});
  }
  ids.sort([](const Gid& a, const Gid& b) { return a < b; });  // as Linux shows them
  CredentialValues v = c.credentials().values();
  v.groups = Opt<Ref<GroupList>>(make_ref<GroupList>(std::move(ids)));
  c.use_credentials(make_ref<Credentials>(std::move(v)));
  return 0;
}

namespace {
constexpr u32 kVersion1 = 0x19980330, kVersion2 = 0x20071026, kVersion3 = 0x20080522;
// Number of CapData records of a version; an unknown one is answered with ours. Errors: invalid_argument.
Result<usize> records(Caller& c, UserPtr<CapHeader> header, u32 version) {
  if (version == kVersion1) return usize{1};
  if (version == kVersion2 || version == kVersion3) return usize{2};
  TRY(user::write(c.address_space(), header.at, kVersion3));
  return Errc::invalid_argument;
}
u64 join(u32 low, u32 high) { return static_cast<u64>(high) << 32 | low; }
}  // namespace

SysResult sys_capget(Caller& c, UserPtr<CapHeader> header, UserPtr<CapData> data) {
  const CapHeader h = TRY(user::read<CapHeader>(c.address_space(), header.at));
  const Result<usize> n = records(c, header, h.version);
  if (!n.ok()) return data.null() && n.error() == Errc::invalid_argument ? SysResult(0) : SysResult(Err(n.error()));
  if (h.pid < 0) return Errc::invalid_argument;
  Ref<Credentials> cred = c.cred();
  if (h.pid != 0) {
    const Opt<Ref<proc::Thread>> t = c.system().tree().thread(Pid{h.pid});
    if (!t) return Errc::no_process;
    cred = (*t)->credentials();
  }
  if (data.null()) return 0;
  const CredentialValues& v = cred->values();
  for (usize i = 0; i < n.value(); ++i) {
    const u32 shift = i == 0 ? 0 : 32;
    const CapData d{static_cast<u32>(v.effective >> shift & 0xffff'ffff), static_cast<u32>(v.permitted >> shift & 0xffff'ffff),
                    static_cast<u32>(v.inheritable >> shift & 0xffff'ffff)};
    TRY(user::write(c.address_space(), (data + i).at, d));
  }
  return 0;
}

SysResult sys_capset(Caller& c, UserPtr<CapHeader> header, UserPtr<CapData> data) {
  const CapHeader h = TRY(user::read<CapHeader>(c.address_space(), header.at));
  const usize n = TRY(records(c, header, h.version));
  if (h.pid != 0 && h.pid != c.thread_id().value) return Errc::not_permitted;
  const Vec<CapData> d = TRY(user::read_array<CapData>(c.address_space(), data.at, n));
  CredentialValues v = c.credentials().values();
  const u64 effective = join(d[0].effective, n > 1 ? d[1].effective : 0) & kAllCapabilities;
  const u64 permitted = join(d[0].permitted, n > 1 ? d[1].permitted : 0) & kAllCapabilities;
  const u64 inheritable = join(d[0].inheritable, n > 1 ? d[1].inheritable : 0) & kAllCapabilities;
  if ((permitted & ~v.permitted) != 0 || (effective & ~permitted) != 0) return Errc::not_permitted;
  if (!c.capable(Capability::setpcap) && (inheritable & ~(v.inheritable | v.permitted)) != 0) return Errc::not_permitted;
  if ((inheritable & ~(v.inheritable | v.bounding)) != 0) return Errc::not_permitted;
  v.effective = effective;
  v.permitted = permitted;
  v.inheritable = inheritable;
  v.ambient &= permitted & inheritable;
  c.use_credentials(make_ref<Credentials>(std::move(v)));
  return 0;
}

}  // namespace svc::sys
