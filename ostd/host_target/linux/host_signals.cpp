// SPDX-License-Identifier: MPL-2.0
#include "linux/host_signals.h"

#include "linux/host_memory.h"
#include "linux/host_terminal.h"

#include <base/format.h>
#include <base/trap.h>
#include <csignal>
#include <pthread.h>
#include <sys/ucontext.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OSTD_SANITIZED 1
extern "C" void __sanitizer_set_death_callback(void (*)());
#endif
#endif

// Of the profiling run-time library; absent in other builds.
extern "C" [[gnu::weak]] int __llvm_profile_write_file();

namespace ostd::host {

namespace {
constinit void (*g_resized)() = nullptr;
constinit void (*g_before_end)() = nullptr;
constinit CrashSite g_crash{};
constexpr int kEnd[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
constexpr int kCrash[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
[[maybe_unused]] constexpr u64 kCrashStack = 64 << 10;

void on_end(int sig) {
  if (g_before_end) g_before_end();
  terminal_restore();
  // Die of the same signal, as the parent expects.
  signal(sig, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, sig);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  kill(getpid(), sig);
  _exit(128 + sig);
}
void on_resize(int) {
  if (g_resized) g_resized();
}
void on_continue(int) {
  terminal_raw_again();
  if (g_resized) g_resized();
}
#ifndef OSTD_SANITIZED
void on_crash(int sig, siginfo_t* si, void* context) {
  // SAFETY: the context of a signal is a ucontext_t; the fault address is only printed.
  const auto* uc = static_cast<const ucontext_t*>(context);
  g_crash = {static_cast<u64>(uc->uc_mcontext.gregs[REG_RIP]), static_cast<u64>(uc->uc_mcontext.gregs[REG_RBP])};
  FixedText<160> t;
  format_to(t, "the OS process got signal {} at {:#x}, address {:#x}", sig, static_cast<u64>(uc->uc_mcontext.gregs[REG_RIP]),
            reinterpret_cast<u64>(si->si_addr));
  panic(t.view());
}
#endif

void handle(int sig, void (*f)(int)) {
  struct sigaction sa{};
  sa.sa_handler = f;
  sa.sa_flags = SA_RESTART | SA_ONSTACK;
  sigfillset(&sa.sa_mask);
  sigaction(sig, &sa, nullptr);
}
}  // namespace

void signals_start(void (*resized)(), void (*before_end)()) {
  g_resized = resized;
  g_before_end = before_end;
  sigset_t all;
  sigfillset(&all);
  for (int s : kCrash) sigdelset(&all, s);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  for (int s : kEnd) handle(s, on_end);
  handle(SIGWINCH, on_resize);
  handle(SIGCONT, on_continue);
  signal(SIGPIPE, SIG_IGN);
#ifdef OSTD_SANITIZED
  __sanitizer_set_death_callback(terminal_restore);
#else
  for (int s : kCrash) {
    struct sigaction sa{};
    sa.sa_sigaction = on_crash;
    sa.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(s, &sa, nullptr);
  }
#endif
}
CrashSite crash_site() { return g_crash; }
void signals_take() {
  sigset_t set;
  sigemptyset(&set);
  for (int s : kEnd) sigaddset(&set, s);
  sigaddset(&set, SIGWINCH);
  sigaddset(&set, SIGCONT);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}
void signals_crash_stack() {
#ifndef OSTD_SANITIZED
  u8* at = map_memory(-1, 0, kCrashStack, MapRights::read_write);
  if (!at) return;
  const stack_t s{at, 0, kCrashStack};
  sigaltstack(&s, nullptr);
#endif
  sigset_t set;
  sigemptyset(&set);
  for (int s : kCrash) sigaddset(&set, s);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}
void end_process(int status) {
  terminal_restore();
  // Nothing runs at exit here, so a build that counts lines is told to write its counts.
  if (__llvm_profile_write_file) static_cast<void>(__llvm_profile_write_file());
  _exit(status);
}

}  // namespace ostd::host
