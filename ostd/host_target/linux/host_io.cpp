// SPDX-License-Identifier: MPL-2.0
#include "linux/host_io.h"

#include "linux/host_signals.h"
#include "linux/host_thread.h"

#include <cerrno>
#include <liburing.h>
#include <ostd/target/sync.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace ostd::host {

namespace {
constexpr u32 kEntries = 64;

constinit IoEngine g_engine = IoEngine::automatic;
constinit target::RawSpin g_submit{};  // the submission side of the ring, or the list below
// Ring
io_uring g_ring;
// Epoll: reads of files that cannot be polled (regular files) are always ready and go through g_ready.
constinit int g_epoll = -1;
constinit int g_wake = -1;
constinit HostRead* g_ready[kEntries]{};
constinit u32 g_ready_count = 0;

void ring_thread(void*) {
  signals_take();
  for (;;) {
    io_uring_cqe* cqe = nullptr;
    if (io_uring_wait_cqe(&g_ring, &cqe) < 0) continue;  // EINTR
    // SAFETY: user data is the HostRead given to io_read, alive until done.
    HostRead* r = static_cast<HostRead*>(io_uring_cqe_get_data(cqe));
    const i64 result = cqe->res;
    io_uring_cqe_seen(&g_ring, cqe);
    if (result == -EINTR || result == -EAGAIN) io_read(*r);
    else r->done(*r, result);
  }
}

void finish(HostRead& r) {
  ssize_t n;
  do n = read(r.file, r.to, r.size);
  while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) io_read(r);
  else r.done(r, n < 0 ? -errno : n);
}
void epoll_thread(void*) {
  signals_take();
  for (;;) {
    epoll_event e[8];
    const int n = epoll_wait(g_epoll, e, 8, -1);
    for (int i = 0; i < n; i++) {
      if (e[i].data.ptr) {
        finish(*static_cast<HostRead*>(e[i].data.ptr));
        continue;
      }
      u64 count;
      (void)!read(g_wake, &count, sizeof count);
      for (;;) {
        g_submit.lock();
        HostRead* r = g_ready_count != 0 ? g_ready[--g_ready_count] : nullptr;
        g_submit.unlock();
        if (!r) break;
        finish(*r);
      }
    }
  }
}

bool ring_start() { return io_uring_queue_init(kEntries, &g_ring, 0) == 0; }
bool epoll_start() {
  g_epoll = epoll_create1(EPOLL_CLOEXEC);
  g_wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event e{.events = EPOLLIN, .data = {.ptr = nullptr}};
  return g_epoll >= 0 && g_wake >= 0 && epoll_ctl(g_epoll, EPOLL_CTL_ADD, g_wake, &e) == 0;
}
}  // namespace

bool io_start(IoEngine which) {
  if (which != IoEngine::epoll && ring_start()) g_engine = IoEngine::ring;
  else if (which != IoEngine::ring && epoll_start()) g_engine = IoEngine::epoll;
  else return false;
  return start_thread(g_engine == IoEngine::ring ? ring_thread : epoll_thread, nullptr, "events");
}
const char* io_engine_name() { return g_engine == IoEngine::ring ? "io_uring" : "epoll"; }

void io_read(HostRead& r) {
  if (g_engine == IoEngine::ring) {
    g_submit.lock();
    io_uring_sqe* sqe = io_uring_get_sqe(&g_ring);
    if (sqe) {
      io_uring_prep_read(sqe, r.file, r.to, r.size, static_cast<u64>(-1));
      io_uring_sqe_set_data(sqe, &r);
      io_uring_submit(&g_ring);
    }
    g_submit.unlock();
    if (!sqe) r.done(r, -EAGAIN);
    return;
  }
  epoll_event e{.events = EPOLLIN | EPOLLONESHOT, .data = {.ptr = &r}};
  if (epoll_ctl(g_epoll, EPOLL_CTL_MOD, r.file, &e) == 0) return;
  if (errno == ENOENT && epoll_ctl(g_epoll, EPOLL_CTL_ADD, r.file, &e) == 0) return;
  g_submit.lock();
  const bool room = g_ready_count < kEntries;
  if (room) g_ready[g_ready_count++] = &r;
  g_submit.unlock();
  const u64 one = 1;
  if (!room || write(g_wake, &one, sizeof one) < 0) r.done(r, -EAGAIN);
}

}  // namespace ostd::host
