// SPDX-License-Identifier: MPL-2.0
#include "linux/host_thread.h"

#include <ostd/target/cpu.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <pthread.h>
#include <sched.h>
#include <sys/random.h>
#include <unistd.h>

namespace ostd::host {

namespace {
struct Start { void (*f)(void*); void* arg; };
constinit Start g_starts[256]{};
constinit u32 g_started = 0;
constinit target::CpuFace g_no_cpu{};  // what threads that are no vCPU show to on_cpu() and panic()
// SAFETY: p is the element of g_starts that start_thread filled in.
void* enter(void* p) {
  const Start s = *static_cast<Start*>(p);
  target::ostd_host_cpu = &g_no_cpu;
  s.f(s.arg);
  return nullptr;
}
}  // namespace

bool start_thread(void (*f)(void*), void* arg, const char* name) {
  const u32 n = __atomic_fetch_add(&g_started, 1U, __ATOMIC_RELAXED);
  if (n >= sizeof g_starts / sizeof g_starts[0]) return false;
  g_starts[n] = {f, arg};
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  pthread_t t;
  const int r = pthread_create(&t, nullptr, enter, &g_starts[n]);
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
  if (r != 0) return false;
  pthread_setname_np(t, name);
  pthread_detach(t);
  return true;
}
void yield_thread() { sched_yield(); }
void sleep_forever() {
  for (;;) pause();
}

namespace {
i64 read_clock(clockid_t c) {
  timespec t{};
  clock_gettime(c, &t);
  return static_cast<i64>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}
}  // namespace
u64 host_clock_ns() { return static_cast<u64>(read_clock(CLOCK_MONOTONIC)); }
i64 host_wall_ns() { return read_clock(CLOCK_REALTIME); }

void random_bytes(u8* to, usize size) {
  while (size > 0) {
    const ssize_t n = getrandom(to, size, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    to += n;
    size -= static_cast<usize>(n);
  }
}

}  // namespace ostd::host
