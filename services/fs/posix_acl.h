// SPDX-License-Identifier: MPL-2.0
// Access control lists [acl(5)]: their form in system.posix_acl_*, what they allow, how they and mode bits follow each other.
#pragma once
#include <services/fs/inode.h>

namespace svc::fs {

// Nothing: the value says that there is none. Errors: invalid_argument, not_supported (version).
Result<Opt<Ref<Acl>>> parse_acl(std::span<const u8> value);
Vec<u8> acl_text(const Acl& acl);
// Errors: invalid_argument (entries missing, double or out of order).
Status check_acl(const Acl& acl);
// The mode bits that the list stands for; whether they say all that it says.
struct AclMode { u16 bits = 0; bool all = false; };
AclMode acl_mode(const Acl& acl, u16 mode);
// What of `may` the list gives someone who is not the owner. Errors: access_denied.
Status acl_allows(const Credentials& who, const Acl& acl, Gid group, u32 may);
// For a new file made with `mode` in a directory with this default list: its own list, and its mode.
struct Inherited { Ref<Acl> acl; AclMode mode{}; };
Inherited inherit_acl(const Acl& standard, u16 mode);
// After chmod.
Ref<Acl> acl_with_mode(const Acl& acl, u16 mode);

}  // namespace svc::fs
