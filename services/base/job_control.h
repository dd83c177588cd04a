// SPDX-License-Identifier: MPL-2.0
// What terminals need to know of processes: groups and sessions, without depending on services/process.
#pragma once
#include <base/own.h>
#include <base/result.h>
#include <ostd/address_space.h>
#include <services/base/credentials.h>
#include <services/base/ids.h>

namespace svc {

class ControllingTerminal;

// A session [setsid(2)].
class SessionRef : public RefCounted {
 public:
  virtual Pid id() const = 0;
  virtual Opt<Ref<ControllingTerminal>> terminal() const = 0;
  virtual void set_terminal(Opt<Ref<ControllingTerminal>> tty) const = 0;
  // SIGHUP and SIGCONT to the session leader's process when its terminal hangs up.
  virtual void hang_up() const = 0;
};

// A process group; keeps existing as an object after its last process has gone.
class ProcessGroupRef : public RefCounted {
 public:
  virtual Pid id() const = 0;
  virtual Pid session_id() const = 0;
  // Sends a kernel-generated signal (SI_KERNEL) to every process of the group. Never sleeps.
  virtual void signal(Signo s) const = 0;
  virtual bool orphaned() const = 0;
  virtual bool empty() const = 0;
};

// Why a session gives up its terminal.
enum class LeaderExits : u8 { no, yes };

// Implemented by services/tty: any terminal that may be a session's controlling one.
class ControllingTerminal : public RefCounted {
 public:
  virtual DevId device() const = 0;
  virtual Pid foreground_group() const = 0;
  // The session gives it up: its foreground group gets SIGHUP, and SIGCONT unless the leader has ended.
  virtual void disassociate(LeaderExits why) const = 0;
  // vhangup(2): open files of it end, the session loses it; it may be opened again.
  virtual void vhangup() const = 0;
};

// The calling thread as file systems, devices and terminals see it. Always a borrowed parameter.
class Context {
 public:
  virtual ~Context() = default;
  virtual const AddressSpace& address_space() const [[clang::lifetimebound]] = 0;
  virtual const Credentials& credentials() const [[clang::lifetimebound]] = 0;
  virtual Pid process_id() const = 0;
  virtual Pid thread_id() const = 0;
  virtual Opt<Ref<SessionRef>> session() const = 0;
  virtual bool session_leader() const = 0;
  virtual Opt<Ref<ProcessGroupRef>> process_group() const = 0;
  virtual Opt<Ref<ProcessGroupRef>> find_group(Pid id) const = 0;  // in the caller's session or not
  virtual bool signal_ignored_or_blocked(Signo s) const = 0;
  virtual void signal_self(Signo s) const = 0;     // thread-directed, kernel-generated
  virtual u64 file_size_limit() const = 0;          // RLIMIT_FSIZE in bytes
  bool capable(Capability c) const { return credentials().capable(c); }
  // What preadv2 or pwritev2 says of the transfer that is going on: RWF_NOWAIT, RWF_NOAPPEND.
  struct Transfer { bool no_wait = false, no_append = false; };
  Transfer transfer{};
};

// Who acts with other credentials than a thread's own, or before there is a thread: no terminal, no group, no signals.
class DetachedContext : public Context {
 public:
  DetachedContext(Ref<Credentials> c, Ref<AddressSpace> space, Pid process, Pid thread, u64 file_size_limit)
      : cred_(std::move(c)), space_(std::move(space)), process_(process), thread_(thread), limit_(file_size_limit) {}
  const AddressSpace& address_space() const [[clang::lifetimebound]] final { return *space_; }
  const Credentials& credentials() const [[clang::lifetimebound]] final { return *cred_; }
  Pid process_id() const final { return process_; }
  Pid thread_id() const final { return thread_; }
  Opt<Ref<SessionRef>> session() const final { return none; }
  bool session_leader() const final { return false; }
  Opt<Ref<ProcessGroupRef>> process_group() const final { return none; }
  Opt<Ref<ProcessGroupRef>> find_group(Pid) const final { return none; }
  bool signal_ignored_or_blocked(Signo) const final { return true; }
  void signal_self(Signo) const final {}
  u64 file_size_limit() const final { return limit_; }

 private:
  Ref<Credentials> cred_;
  Ref<AddressSpace> space_;
  Pid process_, thread_;
  u64 limit_;
};

}  // namespace svc
