// SPDX-License-Identifier: MPL-2.0
// Extended attributes [xattr(7)]: what a value is, and the rules that are the same for all file systems.
#pragma once
#include <services/fs/mount.h>

namespace svc::fs {

inline constexpr usize kXattrNameMax = 255, kXattrSizeMax = 65536;

// The file a call is about; mount and dentry: where it was reached, nothing for pipes and the like.
struct XattrPlace {
  Opt<Ref<Mount>> mount{};
  Opt<Ref<Dentry>> dentry{};
  Opt<Ref<Inode>> inode{};   // nothing: an anonymous file, which has no attributes
};

// Errors: read_only; not_permitted, access_denied; not_supported (no such kind of attribute here); invalid_argument (a value that
// its kind does not allow, a name that is only a prefix); exists, no_data (how); no_space, out_of_memory.
Status set_xattr(const Context& who, const XattrPlace& at, std::string_view name, const Ref<XattrValue>& value, XattrSet how);
// Errors: as above, no_data.
Status remove_xattr(const Context& who, const XattrPlace& at, std::string_view name);
// Errors: access_denied, not_supported, no_data, invalid_argument.
Result<Ref<XattrValue>> get_xattr(const Context& who, const XattrPlace& at, std::string_view name);
// The names the caller may see, each with a NUL behind it.
String list_xattrs(const Context& who, const XattrPlace& at);

// The capabilities a program file gives. [capabilities(7): File capabilities]
struct FileCapabilities {
  u64 permitted = 0, inheritable = 0;
  bool effective = false;
};
// Nothing: the file has none that count here. Errors: invalid_argument (damaged).
Result<Opt<FileCapabilities>> file_capabilities(const Inode& inode);

}  // namespace svc::fs
