// SPDX-License-Identifier: MPL-2.0
// Path arguments: copied in once; where a relative one starts.
#pragma once
#include <services/fs/namei.h>
#include <services/syscall/entry.h>

namespace svc::sys {

inline constexpr usize kPathMax = 4096;
// Errors: fault, name_too_long, not_found (empty).
Result<String> read_path(Caller& c, UserPath p);
Result<String> read_path_maybe_empty(Caller& c, UserPath p);
// The starting place of an *at call; absolute paths ignore dir. Errors: bad_descriptor, not_directory.
Result<fs::Path> start_of(Caller& c, DirFd dir, std::string_view path);

}  // namespace svc::sys
