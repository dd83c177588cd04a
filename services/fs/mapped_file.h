// SPDX-License-Identifier: MPL-2.0
// The name of a mapped file for /proc/PID/maps; keeps the open file alive as long as the mapping.
#pragma once
#include <services/fs/file.h>

namespace svc::fs {
Ref<MappedFile> mapped_file_of(const Ref<File>& file);
}  // namespace svc::fs
