// SPDX-License-Identifier: MPL-2.0
// The source of outside events: one thread waits for reads that are under way. By io_uring, or by epoll where the host denies
// that (containers often do).
#pragma once
#include <base/types.h>

namespace ostd::host {

// One read; lives until done() was called. done() runs on the event thread: result as of read(2), or -errno.
struct HostRead {
  int file = -1;
  u8* to = nullptr;
  u32 size = 0;
  void (*done)(HostRead&, i64 result) = nullptr;
};

enum class IoEngine : u8 { automatic, ring, epoll };
// Starts the thread. False when the host offers neither (or not the one asked for).
bool io_start(IoEngine which);
const char* io_engine_name();
// Starts a read. Any thread. The same file has at most one read at a time.
void io_read(HostRead& r);

}  // namespace ostd::host
