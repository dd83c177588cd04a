// SPDX-License-Identifier: MPL-2.0
#include "linux/host_memory.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ostd::host {

namespace {
int rights_of(MapRights r) {
  switch (r) {
    case MapRights::none: return PROT_NONE;
    case MapRights::read: return PROT_READ;
    case MapRights::read_write: return PROT_READ | PROT_WRITE;
    case MapRights::read_exec: return PROT_READ | PROT_EXEC;
  }
  return PROT_NONE;
}
}  // namespace

int memory_file(const char* name, u64 size) {
  const int fd = memfd_create(name, MFD_CLOEXEC);
  if (fd < 0) return -errno;
  if (ftruncate(fd, static_cast<off_t>(size)) != 0) {
    const int e = errno;
    close(fd);
    return -e;
  }
  return fd;
}
int back_memory(int file, u64 offset, u64 size) {
  while (fallocate(file, 0, static_cast<off_t>(offset), static_cast<off_t>(size)) != 0)
    if (errno != EINTR) return -errno;
  return 0;
}
void punch_memory(int file, u64 offset, u64 size) {
  fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset), static_cast<off_t>(size));
}
bool write_file(int file, u64 offset, const void* from, u64 size) {
  return pwrite(file, from, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}
namespace {
// The text of a small file (proc, cgroup); empty when there is none. NUL-terminated in `to`.
const char* read_text(const char* path, char* to, u64 room) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  u64 n = 0;
  if (fd >= 0) {
    for (ssize_t r = 1; r > 0 && n + 1 < room; n += r > 0 ? static_cast<u64>(r) : 0) r = read(fd, to + n, room - 1 - n);
    close(fd);
  }
  to[n] = 0;
  return to;
}
bool number_at(const char* text, u64& value) {
  while (*text == ' ') text++;
  if (*text < '0' || *text > '9') return false;
  for (value = 0; *text >= '0' && *text <= '9'; text++) value = value * 10 + static_cast<u64>(*text - '0');
  return true;
}
}  // namespace
u64 most_mappings() {
  char text[32];
  u64 n = 0;
  return number_at(read_text("/proc/sys/vm/max_map_count", text, sizeof text), n) ? n : 65530;
}
namespace {
// limit - current of one control group, or `least` if that is less or there is no limit.
u64 group_room(const char* limit_file, const char* current_file, u64 least) {
  char text[64];
  u64 limit = 0, current = 0;
  if (!number_at(read_text(limit_file, text, sizeof text), limit)) return least;
  if (!number_at(read_text(current_file, text, sizeof text), current)) return least;
  const u64 room = limit > current ? limit - current : 0;
  return room < least ? room : least;
}
}  // namespace

u64 available_memory() {
  char text[2048];  // the line is the third
  u64 best = UINT64_MAX, kib = 0;
  read_text("/proc/meminfo", text, sizeof text);
  if (const char* a = strstr(text, "MemAvailable:"); a && number_at(a + 13, kib)) best = kib << 10;
  // Version 2, our own group and the root as a container sees it; version 1.
  char group[256], limit[320], current[320];
  read_text("/proc/self/cgroup", group, sizeof group);
  if (char* own = strstr(group, "0::"); own) {
    own += 3;
    if (char* end = strchr(own, '\n')) *end = 0;
    snprintf(limit, sizeof limit, "/sys/fs/cgroup%s/memory.max", own);
    snprintf(current, sizeof current, "/sys/fs/cgroup%s/memory.current", own);
    best = group_room(limit, current, best);
  }
  best = group_room("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current", best);
  return group_room("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes", best);
}

u8* map_memory(int file, u64 offset, u64 size, MapRights rights) {
  const int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
  void* p = mmap(nullptr, size, rights_of(rights), flags, file < 0 ? -1 : file, static_cast<off_t>(offset));
  // SAFETY: fresh memory of that size.
  return p == MAP_FAILED ? nullptr : static_cast<u8*>(p);
}
u8* reserve_addresses(u64 size, u64 align) {
  void* p = mmap(nullptr, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  const u64 at = reinterpret_cast<u64>(p);
  // SAFETY: inside what was mapped just now.
  return static_cast<u8*>(p) + ((at + align - 1) / align * align - at);
}
bool map_memory_at(u8* at, int file, u64 offset, u64 size, MapRights rights) {
  const int flags = (file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED) | MAP_FIXED;
  // SAFETY: callers own the range.
  return mmap(at, size, rights_of(rights), flags, file < 0 ? -1 : file, static_cast<off_t>(offset)) != MAP_FAILED;
}
// SAFETY: callers own the range and nothing of it is used afterwards in the way that is taken.
void unmap_memory(void* at, u64 size) { munmap(at, size); }
void protect_memory(void* at, u64 size, MapRights rights) { mprotect(at, size, rights_of(rights)); }

}  // namespace ostd::host
