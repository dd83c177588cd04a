// SPDX-License-Identifier: MPL-2.0
// Directories: lookups and listings.
#include <base/format.h>
#include <ostd/task.h>
#include <services/procfs/nodes.h>
#include <services/procfs/subject.h>

namespace svc::procfs {
namespace {

constexpr u64 kFirstCookie = 2;       // of the first fixed entry
constexpr u64 kNumbers = 1000;        // cookie of number n: kNumbers + n
constexpr i32 kMostAtOnce = 512;      // descriptors collected for one step of a listing

void keep(Map<i32, u8>& m, i32 n, i32 from) {
  if (n >= from) m.insert(n, 0);
}

}  // namespace

std::span<const Entry> entries(Dir d) {
  switch (d) {
    case Dir::root: return root_entries();
    case Dir::process: return process_entries();
    case Dir::thread: return thread_entries();
    case Dir::task_list:
    case Dir::fd:
    case Dir::fd_info: return {};
    default: return sys_entries(d);
  }
}

// Numbers are told apart by what they are in and whose: number of the process, kind of directory, place in it.
u64 DirNode::ino_of(u64 kind, u64 n) const {
  const Subject& s = subject();
  if (!s.process) return 0xf000'0000 + (static_cast<u64>(dir_) << 8) + n;
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
  const Opt<i32> n = parse_number(name);
  if (!n) return Errc::not_found;
  return numbered(*n);
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
    default: return Errc::not_found;
  }
}

Result<Map<i32, u8>> DirNode::numbers(i32 from) const {
  Map<i32, u8> out{};
  const Subject& s = subject();
  if (dir_ == Dir::root) {
    const proc::ProcessTree& tree = s.system->tree();
    for (Opt<Ref<proc::Process>> p = tree.next(Pid{0}); p; p = tree.next((*p)->pid())) keep(out, (*p)->pid().value, from);
  } else if (dir_ == Dir::task_list) {
    if (!(*s.process)->leader()) keep(out, (*s.process)->pid().value, from);
    for (const Ref<proc::Thread>& t : (*s.process)->threads()) keep(out, t->tid().value, from);
  } else if (dir_ == Dir::fd || dir_ == Dir::fd_info) {
    const Opt<Ref<proc::Thread>> t = thread_of(s);
    const Opt<Ref<fs::FdTable>> files = t ? (*t)->files() : Opt<Ref<fs::FdTable>>();
    if (!files) return out;
    i32 left = kMostAtOnce;
    for (Opt<fs::Fd> fd = (*files)->next(from); fd && left-- > 0; fd = (*files)->next(fd->value + 1)) keep(out, fd->value, from);
  }
  return out;
}

Status DirNode::read_dir(u64 cookie, fs::DirSink& sink, u64& after) const {
  if (!alive(subject())) return Errc::not_found;
  const std::span<const Entry> all = entries(dir_);
  for (u64 i = cookie - kFirstCookie; i < all.size(); ++i) {
    const Entry& e = all[i];
    if (!sink.entry(e.name.view(), ino_of(static_cast<u64>(dir_), i), e.type, kFirstCookie + i + 1)) return Ok();
    after = kFirstCookie + i + 1;
  }
  u64 from = after > kNumbers ? after - kNumbers : 0;
  for (;;) {
    const Map<i32, u8> now = TRY(numbers(static_cast<i32>(from)));
    if (now.empty()) return Ok();
    bool full = false;
    now.each([&](const i32& n, const u8&) {
      const u64 number = static_cast<u64>(n);
      const u64 ino = dir_ == Dir::root ? number << 32 | 1 : dir_ == Dir::task_list ? number << 32 | 0x8000'0001ULL : ino_of(static_cast<u64>(dir_), number);
      if (!sink.entry(ostd::format("{}", n).view(), ino, numbered_type(), kNumbers + number + 1)) {
        full = true;
        return Walk::stop;
      }
      after = kNumbers + number + 1;
      from = number + 1;
      return Walk::go;
    });
    if (full) return Ok();
    ostd::task::preempt_point();
  }
}

}  // namespace svc::procfs
