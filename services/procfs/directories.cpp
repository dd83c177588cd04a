// SPDX-License-Identifier: MPL-2.0
// Directories: lookups and listings.
#include <base/format.h>
#include <ostd/cpu.h>
#include <ostd/task.h>
#include <services/procfs/nodes.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

constexpr u64 kFirstCookie = 2;       // of the first fixed entry
constexpr u64 kNumbers = 1000;        // cookie of number n: kNumbers + n
constexpr u64 kCpuIno = 0xf100'0000;  // of the folder of CPU 0

// What stands before the number in names.
std::string_view prefix_of(Dir d) { return d == Dir::cpus ? "cpu" : ""; }

}  // namespace

std::span<const Entry> entries(Dir d) {
  switch (d) {
    case Dir::root: return root_entries();
    case Dir::process: return process_entries();
    case Dir::thread: return thread_entries();
    case Dir::task_list:
    case Dir::fd:
    case Dir::fd_info: return {};
    default: return d >= Dir::sysfs ? sysfs_entries(d) : sys_entries(d);
  }
}

// Numbers are told apart by what they are in and whose: number of the process, kind of directory, place in it.
u64 DirNode::ino_of(u64 kind, u64 n) const {
  const Subject& s = subject();
  if (!s.process) return 0xf000'0000 + (static_cast<u64>(s.number + 1) << 16) + (static_cast<u64>(dir_) << 8) + n;
  const u64 id = static_cast<u64>(s.thread ? (*s.thread)->tid().value : (*s.process)->pid().value);
  return id << 32 | (s.thread ? 0x8000'0000ULL : 0) | kind << 24 | (n + 1);
}

fs::FileType DirNode::numbered_type() const {
  if (dir_ == Dir::fd) return fs::FileType::symlink;
  return dir_ == Dir::fd_info ? fs::FileType::regular : fs::FileType::directory;
}

fs::Attr DirNode::attr() const {
  fs::Attr a = base_attr(fs::FileType::directory, mode_);
  a.nlink = 2;
  for (const Entry& e : entries(dir_))
    if (e.type == fs::FileType::directory) ++a.nlink;
  if (dir_ == Dir::root) a.nlink += subject().system->tree().process_count();
  if (dir_ == Dir::cpus) a.nlink += cpu::count();
  if (dir_ == Dir::task_list) a.nlink += (*subject().process)->thread_count();
  return a;
}

Ref<fs::Inode> DirNode::fixed(usize index, const Entry& e) const {
  const u64 ino = ino_of(static_cast<u64>(dir_), index);
  if (e.type == fs::FileType::directory) return make_ref<DirNode>(proc(), subject(), e.dir, e.mode, ino);
  return make_ref<EntryNode>(proc(), subject(), e, ino);
}

Result<Ref<fs::Inode>> DirNode::lookup(std::string_view name) const {
  // Linux finds out while it checks the right to search the folder.
  if (!alive(subject())) return dir_ == Dir::process ? Errc::no_process : Errc::not_found;
  const std::span<const Entry> all = entries(dir_);
  for (usize i = 0; i < all.size(); ++i)
    if (all[i].name == name) return fixed(i, all[i]);
  const std::string_view prefix = prefix_of(dir_);
  if (!name.starts_with(prefix)) return Errc::not_found;
  const Opt<i32> n = parse_number(name.substr(prefix.size()));
  if (!n) return Errc::not_found;
  return numbered(*n);
}

// A process always sees its own descriptors; what they are open on, only who may trace it.
Status DirNode::permission(const Context& who, Status by_mode) const {
  if (dir_ == Dir::fd && !by_mode.ok() && (*subject().process)->pid() == who.process_id()) return Ok();
  if (dir_ == Dir::fd_info && alive(subject())) TRY(may_trace(who, subject()));
  return by_mode;
}

Result<Ref<fs::Inode>> DirNode::numbered(i32 n) const {
  Subject s = subject();
  const u64 number = static_cast<u64>(n);
  switch (dir_) {
    case Dir::root: {
      s.process = s.system->tree().process(Pid{n});
      const Opt<Ref<proc::Thread>> t = s.process ? Opt<Ref<proc::Thread>>() : s.system->tree().thread(Pid{n});
      if (t) {  // the number of a thread names it here too, though it is not listed
        s.process = (*t)->process();
        s.thread = t;
      }
      if (!s.process) return Errc::not_found;
      return Ref<fs::Inode>(make_ref<DirNode>(proc(), std::move(s), Dir::process, u16{0555}, number << 32 | 1));
    }
    case Dir::task_list: {
      const Opt<Ref<proc::Thread>> t = s.system->tree().thread(Pid{n});
      if (!t || !(*t)->process().same(*s.process)) {
        // A zombie's leader is still listed.
        if ((*s.process)->pid().value != n) return Errc::not_found;
        s.thread.reset();
      } else {
        s.thread = t;
      }
      return Ref<fs::Inode>(make_ref<DirNode>(proc(), std::move(s), Dir::thread, u16{0555}, number << 32 | 0x8000'0001ULL));
    }
    case Dir::fd:
    case Dir::fd_info: {
      s.number = n;
      if (!fd_open(s)) return Errc::not_found;
      const u64 ino = ino_of(static_cast<u64>(dir_), number);
      return Ref<fs::Inode>(make_ref<EntryNode>(proc(), std::move(s), dir_ == Dir::fd ? fd_link_entry() : fd_info_entry(), ino));
    }
    case Dir::cpus:
      if (number >= cpu::count()) return Errc::not_found;
      s.number = n;
      return Ref<fs::Inode>(make_ref<DirNode>(proc(), std::move(s), Dir::cpu, u16{0755}, kCpuIno + number));
    default: return Errc::not_found;
  }
}

Opt<i32> DirNode::next_number(i32 from) const {
  const Subject& s = subject();
  if (dir_ == Dir::root) {
    const Opt<Ref<proc::Process>> p = s.system->tree().next(Pid{from - 1});
    return p ? Opt<i32>((*p)->pid().value) : Opt<i32>();
  }
  if (dir_ == Dir::task_list) {
    const Opt<Ref<proc::Thread>> t = (*s.process)->next_thread(Pid{from - 1});
    Opt<i32> n = t ? Opt<i32>((*t)->tid().value) : Opt<i32>();
    const i32 leader = (*s.process)->pid().value;  // listed although it has ended
    if (leader >= from && (!n || leader < *n)) n = leader;
    return n;
  }
  if (dir_ == Dir::fd || dir_ == Dir::fd_info) {
    const Opt<Ref<proc::Thread>> t = thread_of(s);
    const Opt<fs::Fd> fd = t ? (*t)->next_descriptor(from) : none;
    return fd ? Opt<i32>(fd->value) : Opt<i32>();
  }
  if (dir_ == Dir::cpus && static_cast<u32>(from) < cpu::count()) return from;
  return none;
}

Status DirNode::read_dir(u64 cookie, fs::DirSink& sink, u64& after) const {
  if (!alive(subject())) return Errc::not_found;
  const std::span<const Entry> all = entries(dir_);
  for (u64 i = cookie - kFirstCookie; i < all.size(); ++i) {
    const Entry& e = all[i];
    if (!sink.entry(e.name.view(), ino_of(static_cast<u64>(dir_), i), e.type, kFirstCookie + i + 1)) return Ok();
    after = kFirstCookie + i + 1;
  }
  // One after the other: there may be too many for a list.
  const u64 from = after > kNumbers ? after - kNumbers : 0;
  for (Opt<i32> n = next_number(static_cast<i32>(from)); n; n = next_number(*n + 1)) {
    const u64 number = static_cast<u64>(*n);
    const u64 ino = dir_ == Dir::cpus ? kCpuIno + number : dir_ == Dir::root ? number << 32 | 1 : dir_ == Dir::task_list ? number << 32 | 0x8000'0001ULL : ino_of(static_cast<u64>(dir_), number);
    FixedText<16> name{};
    format_to(name, "{}{}", prefix_of(dir_), *n);
    if (!sink.entry(name.view(), ino, numbered_type(), kNumbers + number + 1)) return Ok();
    after = kNumbers + number + 1;
    ostd::task::preempt_point();
  }
  return Ok();
}

}  // namespace svc::procfs
