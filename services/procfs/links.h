// SPDX-License-Identifier: MPL-2.0
// Links of procfs that lead to a place, and the texts of places.
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

// The caller's root decides how a path looks to it; " (deleted)" when it is.
String seen_from(const Subject& s, const Context& who, const fs::Path& at);

Result<String> exe_text(const Subject& s, const Context& who);
Result<Opt<fs::Path>> exe_place(const Subject& s, const Context& who);
Result<String> cwd_text(const Subject& s, const Context& who);
Result<Opt<fs::Path>> cwd_place(const Subject& s, const Context& who);
Result<String> root_text(const Subject& s, const Context& who);
Result<Opt<fs::Path>> root_place(const Subject& s, const Context& who);
Result<String> self_text(const Subject& s, const Context& who);
Result<String> thread_self_text(const Subject& s, const Context& who);
Result<String> mounts_text(const Subject& s, const Context& who);

}  // namespace svc::procfs
