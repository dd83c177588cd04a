// SPDX-License-Identifier: MPL-2.0
// What a directory of procfs is made of: a constant table of entries. A text file is a function that writes its text, a link is
// a function that says where it leads. [proc(5)]
#pragma once
#include <base/array.h>
#include <base/static_fn.h>
#include <services/process/access.h>
#include <services/process/system.h>

namespace svc::procfs {

// What files keep between reads: the id of this boot. Its task counts the load averages every five seconds.
class Shared final : public RefCounted {
 public:
  explicit Shared(Ref<proc::System> system);
  const Ref<proc::System>& system() const [[clang::lifetimebound]] { return system_; }
  const Array<u8, 16>& boot_id() const [[clang::lifetimebound]] { return boot_id_; }
  // One step of the averages, with this many runnable threads.
  void count(u64 runnable) const;

 private:
  Ref<proc::System> system_;
  Array<u8, 16> boot_id_{};
};
// Threads that run or wait for a CPU.
u64 runnable_threads(const proc::System& system);
void start_counting(const Ref<Shared>& shared);

// What a file is about.
struct Subject {
  Ref<proc::System> system;
  Ref<Shared> shared;
  Opt<Ref<proc::Process>> process{};   // nothing: the whole system
  Opt<Ref<proc::Thread>> thread{};     // of /proc/PID/task/TID; nothing: the process
  i32 number = -1;                     // the descriptor in fd and fdinfo; the CPU
};

// Appends the text. Errors: no_process when the process is gone.
using Generate = StaticFn<Status(const Subject&, const Context&, String&)>;
// Takes what was written.
using Accept = StaticFn<Status(const Subject&, const Context&, std::string_view)>;
using LinkText = StaticFn<Result<String>(const Subject&, const Context&)>;
// What only who may trace the thread sees: of its memory, of its files; where a link leads, and what it says.
using Traced = CapRef<proc::Thread, proc::thread::trace>;
using MemoryText = StaticFn<Status(CapRef<vm::Vm, vm::memory::inspect | vm::memory::read>, String&)>;
using TracedText = StaticFn<Status(Traced, const Subject&, String&)>;
using TracedLink = StaticFn<Result<String>(Traced, const Subject&, const Context&)>;
using TracedPlace = StaticFn<Result<fs::Path>(Traced, const Subject&)>;

enum class Dir : u8 { root, process, task_list, thread, fd, fd_info, sys, sys_kernel, sys_random, sys_vm, sys_fs, sys_inotify, sysvipc,
    sysfs, empty, devices, devices_system, cpus, cpu, topology, kernel };   // from sysfs on: of the file system sysfs
// none: everybody opens it. The others only who may trace the process: thread: the file keeps that right; text: it keeps its
// memory, as long as the program runs (mappings: the same; a zombie has none); opened: it shows what was there then; memory: it is
// not text but the memory itself.
enum class Guard : u8 { none, thread, text, mappings, opened, memory };

struct Entry {
  StaticStr name = "";
  fs::FileType type = fs::FileType::regular;
  u16 mode = 0;
  Guard guard = Guard::none;
  Dir dir = Dir::root;          // directories: which
  Generate read{};
  Accept write{};
  LinkText link{};
  MemoryText memory_text{};
  TracedText traced_text{};
  TracedLink traced_link{};
  TracedPlace place{};
};
constexpr Entry text(StaticStr name, u16 mode, Generate read) { return {name, fs::FileType::regular, mode, Guard::none, Dir::root, read}; }
constexpr Entry text(StaticStr name, u16 mode, Generate read, Accept write) {
  return {name, fs::FileType::regular, mode, Guard::none, Dir::root, read, write};
}
constexpr Entry of_memory(StaticStr name, u16 mode, MemoryText t, Guard g = Guard::text) {
  return {name, fs::FileType::regular, mode, g, Dir::root, {}, {}, {}, t};
}
constexpr Entry traced(StaticStr name, u16 mode, TracedText t) { return {name, fs::FileType::regular, mode, Guard::thread, Dir::root, {}, {}, {}, {}, t}; }
constexpr Entry memory(StaticStr name, u16 mode) { return {name, fs::FileType::regular, mode, Guard::memory, Dir::root}; }
constexpr Entry folder(StaticStr name, u16 mode, Dir d) { return {name, fs::FileType::directory, mode, Guard::none, d}; }
constexpr Entry link(StaticStr name, LinkText t) { return {name, fs::FileType::symlink, 0777, Guard::none, Dir::root, {}, {}, t}; }
constexpr Entry magic(StaticStr name, TracedLink t, TracedPlace p) {
  return {name, fs::FileType::symlink, 0777, Guard::none, Dir::root, {}, {}, {}, {}, {}, t, p};
}

// The fixed entries of a directory, in the order of listings.
std::span<const Entry> entries(Dir d);
std::span<const Entry> root_entries();
std::span<const Entry> process_entries();
std::span<const Entry> thread_entries();
std::span<const Entry> sys_entries(Dir d);
std::span<const Entry> sysfs_entries(Dir d);

}  // namespace svc::procfs
