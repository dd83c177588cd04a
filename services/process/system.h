// SPDX-License-Identifier: MPL-2.0
// System: what all processes of one machine share, built once by the composition root and given to the first process.
#pragma once
#include <services/fs/anonymous.h>
#include <base/static_fn.h>
#include <base/string.h>
#include <ostd/machine.h>
#include <ostd/sync.h>
#include <services/fs/inotify.h>
#include <services/fs/mount.h>
#include <services/fs/pipe.h>
#include <services/ipc/space.h>
#include <services/process/call_counts.h>
#include <services/process/futex_table.h>
#include <services/process/tree.h>

namespace svc::net {
class UnixSpace;
}
namespace svc::proc {

struct UtsName { String sysname{}, nodename{}, release{}, version{}, machine{}, domain{}; };

class Caller;

// What /proc/sys says of core dumps [core(5)].
struct CoreSettings {
  SpinLocked<String, rank::kLeaf> pattern{String("core")};
  Atomic<i32> uses_pid{0}, pipe_limit{0}, suid_dumpable{0};
};

// A kind of file system that mount(2) knows by name.
class FileSystemType : public RefCounted {
 public:
  // For a tree of mounts. Errors: invalid_argument (options), what making it needs.
  Result<Ref<fs::FileSystem>> make(CapRef<fs::MountNamespace, fs::mounts::change> to, std::string_view options) const { return make(options); }
  virtual bool needs_device() const { return false; }

 private:
  virtual Result<Ref<fs::FileSystem>> make(std::string_view options) const = 0;
};

class System final : public RefCounted {
 public:
  struct Parts {
    Ref<ProcessTree> tree;
    Ref<FutexTable> futexes;
    Ref<Account> account;
    Ref<fs::MountNamespace> mounts;
    Ref<fs::PipeFs> pipes;
    UtsName uts;
    String command_line;
    usize memory_bytes = 0;
    bool strace = false;
    bool testing = false;  // tests may refuse memory and read counters (syscall/test_calls.cpp)
    // What a thread's loop calls for a system call: services/syscall depends on this component, not the other way round.
    StaticFn<void(Caller&)> dispatch;
  };
  // What it may do to the machine; handed on by Caller, which asks for the thread's privileges, and by init_ended.
  struct Authority {
    Cap<Power, power::off | power::reboot | power::halt> power;
    Cap<WallClock, wall_clock::set> wall_clock;
  };
  System(Parts p, Authority a);
  ~System() override;
  const ProcessTree& tree() const [[clang::lifetimebound]] { return *p_.tree; }
  const Ref<net::UnixSpace>& sockets() const [[clang::lifetimebound]] { return sockets_; }
  const ipc::Space& ipc() const [[clang::lifetimebound]] { return *ipc_; }
  const FutexTable& futexes() const [[clang::lifetimebound]] { return *p_.futexes; }
  const Ref<Account>& account() const [[clang::lifetimebound]] { return p_.account; }
  const Parts& parts() const [[clang::lifetimebound]] { return p_; }
  // What files without an inode have in its place.
  const Ref<fs::Inode>& anonymous() const [[clang::lifetimebound]] { return anonymous_; }
  const Ref<fs::InotifyLimits>& inotify() const [[clang::lifetimebound]] { return inotify_; }
  const SpinLocked<UtsName, rank::kLeaf>& uts() const [[clang::lifetimebound]] { return uts_; }
  void add_file_system_type(StaticStr name, Ref<FileSystemType> type) const;
  Opt<Ref<FileSystemType>> file_system_type(std::string_view name) const;
  Vec<String> file_system_names() const;
  // Tasks counted against a user's RLIMIT_NPROC.
  u64 user_tasks(Uid uid) const;
  void count_user_task(Uid uid, i64 change) const;
  // Whose count a signal for a process of this user goes to.
  Ref<SignalQuota> signal_quota(Uid uid) const;
  // How many threads ran or wanted to over one, five and fifteen minutes, in units of 1/kLoadOne; procfs counts.
  static constexpr u64 kLoadOne = 2048;
  Array<u64, 3> load() const { return {{load_[0].load(Order::relaxed), load_[1].load(Order::relaxed), load_[2].load(Order::relaxed)}}; }
  void set_load(const Array<u64, 3>& v) const {
    for (usize i = 0; i < v.size(); ++i) load_[i].store(v[i], Order::relaxed);
  }
  // Pages of files that live in memory, over all mounts; several mounts of one instance count once.
  u64 file_pages() const;
  // Held while one epoll is added to another: no two can build a loop.
  const MutexLocked<u32, rank::kEpollNesting>& epoll_nesting() const [[clang::lifetimebound]] { return epoll_nesting_; }
  // What /proc/sys/kernel/randomize_va_space says.
  const Atomic<i32>& randomize() const [[clang::lifetimebound]] { return randomize_; }
  const CoreSettings& core() const [[clang::lifetimebound]] { return core_; }
  // Nothing without albireo.testing.
  const Opt<Own<CallCounts>>& call_counts() const [[clang::lifetimebound]] { return calls_; }
  const Once<Ref<Process>>& init() const [[clang::lifetimebound]] { return init_; }
  // The last thread of the first program has ended: so does the machine, with an exit code from this wait status.
  [[noreturn]] void init_ended(i32 wait_status) const;

 private:
  // As Linux: what may take a hundredth of the memory.
  static u32 watch_limit(usize bytes) {
    const usize n = bytes / 100 / 1160;
    return static_cast<u32>(n < 8192 ? 8192 : n > 1048576 ? 1048576 : n);
  }
  friend class Caller;
  Opt<Own<CallCounts>> calls_;
  Parts p_;
  Authority authority_;
  Ref<fs::InotifyLimits> inotify_;
  Ref<fs::Inode> anonymous_{make_ref<fs::AnonymousInode>(Ref<fs::FileSystem>(make_ref<fs::AnonymousFs>()))};
  SpinLocked<UtsName, rank::kLeaf> uts_{};
  SpinLocked<HashMap<u32, u64>, rank::kLeaf> user_tasks_{};
  SpinLocked<Map<String, Ref<FileSystemType>>, rank::kLeaf> types_{};
  SpinLocked<HashMap<u32, Ref<SignalQuota>>, rank::kLeaf> signal_quotas_{};
  MutexLocked<u32, rank::kEpollNesting> epoll_nesting_{};
  Ref<net::UnixSpace> sockets_;
  Ref<ipc::Space> ipc_;
  Array<Atomic<u64>, 3> load_{};
  Once<Ref<Process>> init_{};
  Atomic<i32> randomize_{2};
  CoreSettings core_{};
};

}  // namespace svc::proc
