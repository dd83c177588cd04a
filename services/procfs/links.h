// SPDX-License-Identifier: MPL-2.0
// Links of procfs that lead to a place, and the texts of places.
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

// The caller's root decides how a path looks to it; " (deleted)" when it is.
String seen_from(const Subject& s, const Context& who, const fs::Path& at);

Result<String> exe_text(Traced t, const Subject& s, const Context& who);
Result<fs::Path> exe_place(Traced t, const Subject& s);
Result<String> cwd_text(Traced t, const Subject& s, const Context& who);
Result<fs::Path> cwd_place(Traced t, const Subject& s);
Result<String> root_text(Traced t, const Subject& s, const Context& who);
Result<fs::Path> root_place(Traced t, const Subject& s);
Result<String> self_text(const Subject& s, const Context& who);
Result<String> thread_self_text(const Subject& s, const Context& who);
Result<String> mounts_text(const Subject& s, const Context& who);

}  // namespace svc::procfs
