// SPDX-License-Identifier: MPL-2.0
// What /proc/PID and /proc/PID/task/TID have in them, in Linux's order.
#include <services/procfs/links.h>
#include <services/procfs/process_files.h>

namespace svc::procfs {
namespace {

constexpr Array kProcess{
    folder("task", 0555, Dir::task_list), folder("fd", 0500, Dir::fd), folder("fdinfo", 0555, Dir::fd_info), of_memory("environ", 0400, environ),
    of_memory("auxv", 0400, auxv, Guard::opened), text("status", 0444, status), text("personality", 0400, personality), text("limits", 0444, limits),
    text("comm", 0644, comm, set_comm), text("cmdline", 0444, cmdline), text("stat", 0444, stat), text("statm", 0444, statm),
    of_memory("maps", 0444, maps, Guard::mappings), memory("mem", 0600), magic("cwd", cwd_text, cwd_place), magic("root", root_text, root_place), magic("exe", exe_text, exe_place),
    text("mounts", 0444, mounts), text("mountinfo", 0444, mountinfo), of_memory("smaps", 0444, smaps, Guard::mappings), text("wchan", 0444, wchan),
    text("cgroup", 0444, cgroup), text("oom_score", 0444, oom_score), text("oom_score_adj", 0644, oom_score_adj, set_oom_score_adj),
    text("coredump_filter", 0644, coredump_filter, set_coredump_filter)};

constexpr Array kThread{
    folder("fd", 0500, Dir::fd), folder("fdinfo", 0555, Dir::fd_info), of_memory("environ", 0400, environ), of_memory("auxv", 0400, auxv, Guard::opened),
    text("status", 0444, status), text("personality", 0400, personality), text("limits", 0444, limits), text("comm", 0644, comm, set_comm),
    text("cmdline", 0444, cmdline), text("stat", 0444, stat), text("statm", 0444, statm), of_memory("maps", 0444, maps, Guard::mappings),
    memory("mem", 0600), magic("cwd", cwd_text, cwd_place), magic("root", root_text, root_place), magic("exe", exe_text, exe_place), text("mounts", 0444, mounts),
    text("mountinfo", 0444, mountinfo), of_memory("smaps", 0444, smaps, Guard::mappings), text("wchan", 0444, wchan), text("cgroup", 0444, cgroup),
    text("oom_score", 0444, oom_score), text("oom_score_adj", 0644, oom_score_adj, set_oom_score_adj)};

}  // namespace

std::span<const Entry> process_entries() { return kProcess.items(); }
std::span<const Entry> thread_entries() { return kThread.items(); }

}  // namespace svc::procfs
