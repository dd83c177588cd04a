// SPDX-License-Identifier: MPL-2.0
// Files of the host that the OS process reads: the initramfs and its own executable.
#pragma once
#include <base/types.h>
#include <span>

namespace ostd::host {

// The whole file, readable for ever (pages are read when they are touched). error: an errno when it failed.
struct MappedFile { std::span<const u8> bytes; int error; };
MappedFile map_file(const char* path);
const char* error_text(int error);

}  // namespace ostd::host
