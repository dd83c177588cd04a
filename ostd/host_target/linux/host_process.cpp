// SPDX-License-Identifier: MPL-2.0
#include "linux/host_process.h"

#include "stub/layout.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/rseq.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ostd::host {

namespace {

union Ancillary {  // SAFETY: room and alignment for one descriptor; only the CMSG macros and memcpy look into it
  char room[CMSG_SPACE(sizeof(int))];
  cmsghdr header;
};
// A byte with room for a descriptor.
struct Message {
  char byte = 0;
  iovec data{&byte, 1};
  Ancillary more{};
  msghdr header{};
  Message() {
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = more.room;
    header.msg_controllen = sizeof more.room;
  }
  Message(const Message&) = delete;
};

// A helper that shares the zygote's descriptors but not its filter: sends the listener to the OS once it is there, closes it and
// the socket for both, and ends.
[[noreturn]] void pass_listener() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (u32 i = 0; i < 10'000 && fcntl(stub::kFdListener, F_GETFD) < 0; i++) {
    const timespec moment{0, 1'000'000};
    nanosleep(&moment, nullptr);
  }
  Message m;
  cmsghdr* h = CMSG_FIRSTHDR(&m.header);
  h->cmsg_level = SOL_SOCKET;
  h->cmsg_type = SCM_RIGHTS;
  h->cmsg_len = CMSG_LEN(sizeof(int));
  const int fd = stub::kFdListener;
  memcpy(CMSG_DATA(h), &fd, sizeof fd);
  sendmsg(stub::kFdSocket, &m.header, MSG_NOSIGNAL);
  close(stub::kFdListener);
  close(stub::kFdSocket);
  _exit(0);
}

// In the child: leaves everything of this process behind.
[[noreturn]] void become_zygote(const ZygoteFiles& files, int parent, u8* code, u64 boot, u64 slot_offset) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  // The files may sit on 0..2 themselves: move them up first.
  const int high[3] = {fcntl(files.phys, F_DUPFD, 10), fcntl(files.exchange, F_DUPFD, 10), fcntl(files.code, F_DUPFD, 10)};
  const int want[3] = {stub::kFdPhys, stub::kFdExchange, stub::kFdCode};
  for (int i = 0; i < 3; i++)
    if (high[i] < 0 || dup2(high[i], want[i]) < 0) _exit(94);
  const bool listens = files.socket >= 0;
  if (listens) {
    const int socket = fcntl(files.socket, F_DUPFD, 10);
    if (socket < 0 || dup2(socket, stub::kFdSocket) < 0 || syscall(SYS_close_range, 3, 3, 0) != 0) _exit(93);
  }
  if (syscall(SYS_close_range, listens ? stub::kFdSocket + 1 : 3, ~0U, 0) != 0) _exit(93);
  // The C library's registrations point into memory that is about to go.
  if (__rseq_size != 0) syscall(SYS_rseq, static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset, 32, 1, RSEQ_SIG);
  syscall(SYS_set_robust_list, nullptr, 24);
  syscall(SYS_set_tid_address, nullptr);
  setsid();
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_SET_NAME, "albireo-stub");
  prctl(PR_SET_DUMPABLE, 0);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  if (listens && syscall(SYS_clone, CLONE_FILES | CLONE_PARENT, 0, 0, 0, 0) == 0) pass_listener();
  // SAFETY: only the address is used.
  const u64 lo = reinterpret_cast<u64>(code), hi = lo + stub::kCodeSize + kPageSize;
  // SAFETY: the trampoline's code is mapped at lo, a page of stack ends at hi; nothing else is used from here on.
  asm volatile("mov %0,%%rsp; pushq $0; jmp *%1" ::"r"(hi), "r"(lo + boot), "D"(lo), "S"(hi), "d"(slot_offset));
  __builtin_unreachable();
}

}  // namespace

int start_zygote(const ZygoteFiles& files, u64 boot, u64 slot_offset) {
  const u64 length = stub::kCodeSize + kPageSize;
  void* at = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) return -errno;
  u8* code = static_cast<u8*>(at);
  if (mmap(code, stub::kCodeSize, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, files.code, 0) == MAP_FAILED) return -errno;
  const int parent = getpid();
  // The plain system call: no handlers of fork(3) run, and sanitizers do not notice.
  const long pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) become_zygote(files, parent, code, boot, slot_offset);
  const int error = errno;
  munmap(code, length);
  return pid < 0 ? -error : static_cast<int>(pid);
}

bool listener_way(int& here, int& there) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return false;
  here = pair[0];
  there = pair[1];
  return true;
}
int listener_receive(int here, int there) {
  close(there);
  const timeval limit{15, 0};
  setsockopt(here, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  Message m;
  int fd = -1;
  if (recvmsg(here, &m.header, MSG_CMSG_CLOEXEC) == 1)
    if (cmsghdr* h = CMSG_FIRSTHDR(&m.header); h && h->cmsg_type == SCM_RIGHTS) memcpy(&fd, CMSG_DATA(h), sizeof fd);
  // The end of the stream: the zygote has neither the listener nor the socket any more.
  if (fd >= 0 && recv(here, &m.byte, 1, 0) != 0) fd = -1;
  close(here);
  return fd;
}

int own_tid() { return static_cast<int>(syscall(SYS_gettid)); }
int own_pid() { return getpid(); }
void kill_thread_group_of(int tid) { syscall(SYS_tkill, tid, SIGKILL); }
bool signal_thread(int pid, int tid, int signal) { return syscall(SYS_tgkill, pid, tid, signal) == 0; }
void kill_process(int pid) { kill(pid, SIGKILL); }

Ended wait_any_ended() {
  siginfo_t si{};
  while (waitid(P_ALL, 0, &si, WEXITED | WNOWAIT | __WALL) < 0)
    if (errno != EINTR) return {0, false, 0};
  return {si.si_pid, si.si_code != CLD_EXITED, si.si_status};
}
void collect(int pid) {
  while (waitpid(pid, nullptr, __WALL) < 0 && errno == EINTR) {}
}

namespace {
constinit cpu_set_t g_allowed{};
}  // namespace
void unbind_thread(int tid) { sched_setaffinity(tid, sizeof g_allowed, &g_allowed); }
void bind_thread(int tid, u32 host_cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(host_cpu, &set);
  sched_setaffinity(tid, sizeof set, &set);  // a hint: a refusal costs speed only
}
u32 host_cpus(u32* cpus, u32 max) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  g_allowed = set;
  u32 n = 0;
  for (u32 i = 0; i < CPU_SETSIZE; i++)
    if (CPU_ISSET(i, &set)) {
      if (n < max) cpus[n] = i;
      n++;
    }
  return n;
}

}  // namespace ostd::host
