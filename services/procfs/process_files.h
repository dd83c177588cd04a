// SPDX-License-Identifier: MPL-2.0
// The text files of a process. Each appends its text to `out`; no_process when the process is gone.
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

// process_stat.cpp, process_status.cpp
Status stat(const Subject& s, const Context& who, String& out);
Status statm(const Subject& s, const Context& who, String& out);
Status status(const Subject& s, const Context& who, String& out);
// 'R', 'S', 'T' or 'Z'.
char state_of(const Subject& s);

// process_memory.cpp
Status cmdline(const Subject& s, const Context& who, String& out);
Status environ(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out);
Status auxv(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out);
Status maps(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out);
Status smaps(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read> vm, String& out);

// process_misc.cpp
Status comm(const Subject& s, const Context& who, String& out);
Status set_comm(const Subject& s, const Context& who, std::string_view text);
Status limits(const Subject& s, const Context& who, String& out);
Status oom_score(const Subject& s, const Context& who, String& out);
Status oom_score_adj(const Subject& s, const Context& who, String& out);
Status set_oom_score_adj(const Subject& s, const Context& who, std::string_view text);
Status coredump_filter(const Subject& s, const Context& who, String& out);
Status set_coredump_filter(const Subject& s, const Context& who, std::string_view text);
Status personality(const Subject& s, const Context& who, String& out);
Status cgroup(const Subject& s, const Context& who, String& out);
Status wchan(const Subject& s, const Context& who, String& out);

// mounts.cpp
Status mounts(const Subject& s, const Context& who, String& out);
Status mountinfo(const Subject& s, const Context& who, String& out);

}  // namespace svc::procfs
