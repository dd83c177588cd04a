// SPDX-License-Identifier: MPL-2.0
// Mapped files: what a mapping may do with their pages, and their names for /proc/PID/maps.
#pragma once
#include <services/fs/file.h>

namespace svc::fs {

// Keeps the open file alive as long as the mapping.
Ref<MappedFile> mapped_file_of(const Ref<File>& file);

// The one place that decides the rights of a mapping on a file's pages.
class FileMemory {
 public:
  // For mmap(2): to be written only if the mapping is shared and the descriptor may write; to be run unless the mount forbids it.
  // Errors: access_denied (the descriptor's mode), not_permitted (the mount, seals), no_device.
  static Result<DynCap<MemoryObject>> of(const DynCap<File>& f, Prot prot, bool shared);
  // For a private mapping of a program. Errors: no_device.
  static Result<DynCap<MemoryObject>> of_program(CapRef<File, file::execute> f, Prot prot);
};

}  // namespace svc::fs
