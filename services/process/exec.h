// SPDX-License-Identifier: MPL-2.0
// execve [execve(2)]: a new program in the calling process.
#pragma once
#include <services/process/arg_strings.h>
#include <services/process/caller.h>

namespace svc::proc {

// What of a new program's memory lies where it cannot be guessed.
enum class Randomize : u32 { nothing, all_but_heap, all };
// As /proc/sys/kernel/randomize_va_space says it.
constexpr Randomize randomize_of(i32 setting) {
  return setting == 0 ? Randomize::nothing : setting > 1 ? Randomize::all : Randomize::all_but_heap;
}

struct ExecRequest {
  Cap<fs::File, fs::file::execute> file;  // opened for execution (permission checked)
  String path;                   // as given: argv of scripts, AT_EXECFN
  ArgStrings argv{};
  ArgStrings envp{};
  Vec<String> before_argv{};     // what scripts put in front: interpreters, their arguments, the scripts
  bool path_closes = false;      // path is /dev/fd/N of a descriptor that exec closes: no interpreter could open it
  Randomize randomize = Randomize::nothing;
};

// On success the caller's registers are those of the new program (registers_replaced). Errors as execve(2); after the point of no
// return (other threads gone) nothing can fail any more, because the new memory is complete by then.
Status exec(Caller& c, ExecRequest r);

// The first program: no old one to replace.
struct FirstImage {
  Cap<vm::Vm, vm::memory::all> vm;
  UserContext ctx;
};
Result<FirstImage> load_first(const Context& who, CapRef<Process, process::self> p, ExecRequest r, const Ref<Account>& account, const fs::FsContext& fs);

// Opens a file for execution: regular, x permission, not on a noexec mount, nobody writes to it.
Result<Cap<fs::File, fs::file::execute>> open_exec(const Context& who, const fs::FsContext& fs, const fs::Path& start, std::string_view path, u32 walk_flags);

// The same for an open file without a name (memfd).
Result<Cap<fs::File, fs::file::execute>> open_nameless(const Context& who, const fs::File& file);

inline constexpr usize kMaxArgString = 131072;   // MAX_ARG_STRLEN
}  // namespace svc::proc
