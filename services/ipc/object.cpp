// SPDX-License-Identifier: MPL-2.0
// Who may do what to an object. [sysvipc(7)]
#include <services/ipc/object.h>

namespace svc::ipc {
namespace {

Owner owned_by(const Context& who, u32 mode) {
  const CredentialValues& v = who.credentials().values();
  return {v.euid, v.euid, v.egid, v.egid, mode & kPermissions};
}

}  // namespace

Object::Object(const Context& who, i32 key, u32 mode) : key_(key), owner_(owned_by(who, mode)) {}

bool Object::allows(const Credentials& who, u32 wanted) const {
  const Owner o = owner();
  const Uid me = who.values().euid;
  const u32 asked = (wanted >> 6 | wanted >> 3 | wanted) & 7;
  u32 granted = o.mode;
  if (me == o.cuid || me == o.uid) granted >>= 6;
  else if (who.in_group(o.cgid) || who.in_group(o.gid)) granted >>= 3;
  return (asked & ~granted) == 0 || who.capable(Capability::ipc_owner);
}

Status Object::may_control(const Credentials& who) const {
  const Owner o = owner();
  const Uid me = who.values().euid;
  return me == o.cuid || me == o.uid || who.capable(Capability::sys_admin) ? Ok() : Status(Errc::not_permitted);
}

Status Object::change_owner(Uid uid, Gid gid, u32 mode) const {
  if (uid.value == ~0U || gid.value == ~0U) return Errc::invalid_argument;
  owner_.with([&](Owner& o) {
    o.uid = uid;
    o.gid = gid;
    o.mode = (o.mode & ~kPermissions) | (mode & kPermissions);
  });
  return Ok();
}

}  // namespace svc::ipc
