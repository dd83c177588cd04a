// SPDX-License-Identifier: MPL-2.0
// Unpacks a cpio archive (newc, uncompressed; several concatenated) [kernel.org initramfs buffer format] into a directory tree.
#pragma once
#include <ostd/machine.h>
#include <services/fs/mount.h>

namespace svc::fs {

struct UnpackReport {
  usize files = 0;
  u64 bytes = 0;
};
// Errors: bad_message (not such an archive, or it is cut), no_space, and the file system's. What was unpacked stays.
Result<UnpackReport> unpack_cpio(const BootBlob& archive, const Ref<Dentry>& root);

}  // namespace svc::fs
