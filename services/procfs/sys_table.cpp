// SPDX-License-Identifier: MPL-2.0
// /proc/sys: values that can be asked, and the few that can be set. [proc(5) /proc/sys]
#include <base/format.h>
#include <ostd/random.h>
#include <services/procfs/subject.h>
#include <services/procfs/system_files.h>

namespace svc::procfs {
namespace {

proc::UtsName uts(const Subject& s) {
  return s.system->uts().with([](proc::UtsName& n) { return n; });
}
Status put_line(String& out, std::string_view v) {
  out.append(v);
  out.append('\n');
  return Ok();
}

constexpr usize kNameMax = 64;
// Up to the end of the line, or a NUL, and no more than that many bytes.
String first_line(std::string_view text, usize most = kNameMax) {
  const usize line = text.find('\n'), nul = text.find('\0');
  return String(text.substr(0, line < nul ? line : nul).substr(0, most));
}
template <class T>
Status put_number(String& out, T n) {
  ostd::format_to(out, "{}\n", n);
  return Ok();
}
// Errors: invalid_argument (not a number, or not one between the two).
Status set_signed(const Atomic<i32>& to, std::string_view text, i32 least, i32 most) {
  const Opt<i64> n = parse_signed(text);
  if (!n || *n < least || *n > most) return Errc::invalid_argument;
  to.store(static_cast<i32>(*n));
  return Ok();
}
// Where nothing is written nothing changes. Errors: invalid_argument (not a number, or more than `most`).
template <class T>
Status set_unsigned(const Atomic<T>& to, std::string_view text, u64 most) {
  if (text.empty()) return Ok();
  const Opt<u64> n = parse_unsigned(first_line(text).view());
  if (!n || *n > most) return Errc::invalid_argument;
  to.store(static_cast<T>(*n));
  return Ok();
}

Status hostname(const Subject& s, const Context& who, String& out) { return put_line(out, uts(s).nodename.view()); }
Status set_hostname(const Subject& s, const Context& who, std::string_view text) {
  String name = first_line(text);
  s.system->uts().with([&](proc::UtsName& n) { std::swap(n.nodename, name); });
  return Ok();
}
Status domainname(const Subject& s, const Context& who, String& out) { return put_line(out, uts(s).domain.view()); }
Status set_domainname(const Subject& s, const Context& who, std::string_view text) {
  String name = first_line(text);
  s.system->uts().with([&](proc::UtsName& n) { std::swap(n.domain, name); });
  return Ok();
}
Status osrelease(const Subject& s, const Context& who, String& out) { return put_line(out, uts(s).release.view()); }
Status ostype(const Subject& s, const Context& who, String& out) { return put_line(out, uts(s).sysname.view()); }
Status version(const Subject& s, const Context& who, String& out) { return put_line(out, uts(s).version.view()); }
Status pid_max(const Subject& s, const Context& who, String& out) { return put_line(out, "32768"); }
Status cap_last_cap(const Subject& s, const Context& who, String& out) { return put_line(out, "40"); }
Status ngroups_max(const Subject& s, const Context& who, String& out) { return put_line(out, "65536"); }
Status randomize(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->randomize().load()); }
Status set_randomize(const Subject& s, const Context& who, std::string_view text) { return set_signed(s.system->randomize(), text, INT32_MIN, INT32_MAX); }
// Up to the end of the line. There are no programs that the system starts: a pipe to one is refused.
Status core_pattern(const Subject& s, const Context& who, String& out) {
  return put_line(out, s.system->core().pattern.with([](String& p) { return p; }).view());
}
Status set_core_pattern(const Subject& s, const Context& who, std::string_view text) {
  constexpr usize kMost = 127;
  if (!text.empty() && text[0] == '|') return Errc::invalid_argument;
  String next = first_line(text, kMost);
  s.system->core().pattern.with([&](String& p) { std::swap(p, next); });
  return Ok();
}
Status core_uses_pid(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->core().uses_pid.load()); }
Status set_core_uses_pid(const Subject& s, const Context& who, std::string_view text) { return set_signed(s.system->core().uses_pid, text, INT32_MIN, INT32_MAX); }
Status core_pipe_limit(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->core().pipe_limit.load()); }
Status set_core_pipe_limit(const Subject& s, const Context& who, std::string_view text) { return set_signed(s.system->core().pipe_limit, text, INT32_MIN, INT32_MAX); }
Status suid_dumpable(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->core().suid_dumpable.load()); }
Status set_suid_dumpable(const Subject& s, const Context& who, std::string_view text) { return set_signed(s.system->core().suid_dumpable, text, 0, 2); }
Status shm_max(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->ipc().limits().shm_bytes.load()); }
Status set_shm_max(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->ipc().limits().shm_bytes, text, ~0ULL); }
Status shm_all(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->ipc().limits().shm_pages.load()); }
Status set_shm_all(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->ipc().limits().shm_pages, text, ~0ULL); }
Status shm_mni(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->ipc().limits().segments.load()); }
Status set_shm_mni(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->ipc().limits().segments, text, ipc::kMostObjects); }
// [proc(5) /proc/sysvipc]
Status sysvipc_shm(const Subject& s, const Context& who, String& out) {
  out.append("       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n");
  const ipc::IdTable<ipc::Segment>& all = s.system->ipc().segments();
  for (Opt<Ref<ipc::Segment>> x = all.next(0); x; x = all.next((*x)->index() + 1)) {
    const ipc::Owner o = (*x)->owner();
    const ipc::Segment::Figures now = (*x)->figures();
    ostd::format_to(out, "{:>10} {:>10}  {:>4o} {:>21} {:>5} {:>5}  {:>5} ", (*x)->key(), (*x)->id(), o.mode, (*x)->size(), (*x)->maker(), now.last_pid, now.attached);
    ostd::format_to(out, "{:>5} {:>5} {:>5} {:>5} ", o.uid.value, o.gid.value, o.cuid.value, o.cgid.value);
    ostd::format_to(out, "{:>10} {:>10} {:>10} {:>21} {:>21}\n", now.attach_time, now.detach_time, now.change_time, (*x)->resident_pages() * kPageSize, 0U);
  }
  return Ok();
}
// SEMMSL, SEMMNS, SEMOPM, SEMMNI. Fewer numbers than four set the first ones.
Status sem_limits(const Subject& s, const Context& who, String& out) {
  const ipc::Limits& l = s.system->ipc().limits();
  ostd::format_to(out, "{}\t{}\t{}\t{}\n", l.array_size.load(), l.semaphores.load(), l.operations.load(), l.arrays.load());
  return Ok();
}
Status set_sem_limits(const Subject& s, const Context& who, std::string_view text) {
  const ipc::Limits& l = s.system->ipc().limits();
  std::string_view rest = text;
  for (usize i = 0; i < 4; ++i) {
    while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n')) rest = rest.substr(1);
    if (rest.empty()) return i == 0 && !text.empty() ? Status(Errc::invalid_argument) : Ok();
    usize end = 0;
    while (end < rest.size() && rest[end] != ' ' && rest[end] != '\t' && rest[end] != '\n') ++end;
    const Opt<i64> n = parse_signed(rest.substr(0, end));
    if (!n || *n < INT32_MIN || *n > INT32_MAX) return Errc::invalid_argument;
    if (i == 3 && (*n < 0 || *n > ipc::kMostObjects)) return Errc::out_of_range;
    (i == 0 ? l.array_size : i == 1 ? l.semaphores : i == 2 ? l.operations : l.arrays).store(static_cast<i32>(*n));
    rest = rest.substr(end);
  }
  return Ok();
}
Status msg_max(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->ipc().limits().message_bytes.load()); }
Status set_msg_max(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->ipc().limits().message_bytes, text, INT32_MAX); }
Status msg_mnb(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->ipc().limits().queue_bytes.load()); }
Status set_msg_mnb(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->ipc().limits().queue_bytes, text, INT32_MAX); }
Status msg_mni(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->ipc().limits().queues.load()); }
Status set_msg_mni(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->ipc().limits().queues, text, ipc::kMostObjects); }
Status sysvipc_sem(const Subject& s, const Context& who, String& out) {
  out.append("       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
  const ipc::IdTable<ipc::SemArray>& all = s.system->ipc().semaphores();
  for (Opt<Ref<ipc::SemArray>> x = all.next(0); x; x = all.next((*x)->index() + 1)) {
    const ipc::Owner o = (*x)->owner();
    const ipc::SemArray::Times t = (*x)->times();
    ostd::format_to(out, "{:>10} {:>10}  {:>4o} {:>10} {:>5} {:>5} {:>5} {:>5} {:>10} {:>10}\n", (*x)->key(), (*x)->id(), o.mode, (*x)->size(), o.uid.value,
                    o.gid.value, o.cuid.value, o.cgid.value, t.operated, t.changed);
  }
  return Ok();
}
Status sysvipc_msg(const Subject& s, const Context& who, String& out) {
  out.append("       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime      ctime\n");
  const ipc::IdTable<ipc::MessageQueue>& all = s.system->ipc().queues();
  for (Opt<Ref<ipc::MessageQueue>> x = all.next(0); x; x = all.next((*x)->index() + 1)) {
    const ipc::Owner o = (*x)->owner();
    const ipc::MessageQueue::Figures f = (*x)->figures();
    ostd::format_to(out, "{:>10} {:>10}  {:>4o}  {:>10} {:>10} {:>5} {:>5} ", (*x)->key(), (*x)->id(), o.mode, f.bytes, f.messages, f.last_sender, f.last_receiver);
    ostd::format_to(out, "{:>5} {:>5} {:>5} {:>5} {:>10} {:>10} {:>10}\n", o.uid.value, o.gid.value, o.cuid.value, o.cgid.value, f.send_time, f.receive_time, f.change_time);
  }
  return Ok();
}
Status overcommit(const Subject& s, const Context& who, String& out) { return put_line(out, "2"); }   // promises are kept
Status mmap_min_addr(const Subject& s, const Context& who, String& out) { return put_line(out, "65536"); }
Status file_max(const Subject& s, const Context& who, String& out) { return put_line(out, "9223372036854775807"); }
Status nr_open(const Subject& s, const Context& who, String& out) { return put_line(out, "1048576"); }
Status pipe_max_size(const Subject& s, const Context& who, String& out) { return put_line(out, "1048576"); }

Status max_queued(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->inotify()->queued.load()); }
Status set_max_queued(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->inotify()->queued, text, INT32_MAX); }
Status max_instances(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->inotify()->instances.load()); }
Status set_max_instances(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->inotify()->instances, text, INT32_MAX); }
Status max_watches(const Subject& s, const Context& who, String& out) { return put_number(out, s.system->inotify()->watches.load()); }
Status set_max_watches(const Subject& s, const Context& who, std::string_view text) { return set_unsigned(s.system->inotify()->watches, text, INT32_MAX); }

// Version 4 of RFC 9562.
Status put_uuid(String& out, Array<u8, 16> b) {
  b[6] = static_cast<u8>((b[6] & 0x0f) | 0x40);
  b[8] = static_cast<u8>((b[8] & 0x3f) | 0x80);
  for (usize i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.append('-');
    ostd::format_to(out, "{:02x}", b[i]);
  }
  out.append('\n');
  return Ok();
}
Status uuid(const Subject& s, const Context& who, String& out) {
  Array<u8, 16> b{};
  random::fill(b.items());
  return put_uuid(out, b);
}
Status boot_id(const Subject& s, const Context& who, String& out) { return put_uuid(out, s.shared->boot_id()); }

constexpr Array kSys{folder("fs", 0555, Dir::sys_fs), folder("kernel", 0555, Dir::sys_kernel), folder("vm", 0555, Dir::sys_vm)};
constexpr Array kKernel{text("cap_last_cap", 0444, cap_last_cap), text("core_pattern", 0644, core_pattern, set_core_pattern),
    text("core_pipe_limit", 0644, core_pipe_limit, set_core_pipe_limit), text("core_uses_pid", 0644, core_uses_pid, set_core_uses_pid), text("domainname", 0644, domainname, set_domainname),
    text("hostname", 0644, hostname, set_hostname), text("msgmax", 0644, msg_max, set_msg_max),
    text("msgmnb", 0644, msg_mnb, set_msg_mnb), text("msgmni", 0644, msg_mni, set_msg_mni), text("ngroups_max", 0444, ngroups_max), text("osrelease", 0444, osrelease),
    text("ostype", 0444, ostype), text("pid_max", 0444, pid_max), folder("random", 0555, Dir::sys_random),
    text("randomize_va_space", 0644, randomize, set_randomize), text("sem", 0644, sem_limits, set_sem_limits), text("shmall", 0644, shm_all, set_shm_all),
    text("shmmax", 0644, shm_max, set_shm_max), text("shmmni", 0644, shm_mni, set_shm_mni), text("version", 0444, version)};
constexpr Array kSysvipc{text("msg", 0444, sysvipc_msg), text("sem", 0444, sysvipc_sem), text("shm", 0444, sysvipc_shm)};
constexpr Array kRandom{text("boot_id", 0444, boot_id), text("uuid", 0444, uuid)};
constexpr Array kVm{text("mmap_min_addr", 0444, mmap_min_addr), text("overcommit_memory", 0444, overcommit)};
constexpr Array kInotify{text("max_queued_events", 0644, max_queued, set_max_queued), text("max_user_instances", 0644, max_instances, set_max_instances),
    text("max_user_watches", 0644, max_watches, set_max_watches)};
constexpr Array kFs{text("file-max", 0444, file_max), folder("inotify", 0555, Dir::sys_inotify), text("nr_open", 0444, nr_open), text("pipe-max-size", 0444, pipe_max_size),
    text("suid_dumpable", 0644, suid_dumpable, set_suid_dumpable)};

}  // namespace

std::span<const Entry> sys_entries(Dir d) {
  switch (d) {
    case Dir::sys: return kSys.items();
    case Dir::sys_kernel: return kKernel.items();
    case Dir::sys_random: return kRandom.items();
    case Dir::sys_vm: return kVm.items();
    case Dir::sys_fs: return kFs.items();
    case Dir::sys_inotify: return kInotify.items();
    case Dir::sysvipc: return kSysvipc.items();
    default: return {};
  }
}

}  // namespace svc::procfs
