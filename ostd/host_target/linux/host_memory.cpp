// SPDX-License-Identifier: MPL-2.0
#include "linux/host_memory.h"

#include <cerrno>
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
u8* map_memory(int file, u64 offset, u64 size, MapRights rights) {
  const int flags = file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED;
  void* p = mmap(nullptr, size, rights_of(rights), flags, file < 0 ? -1 : file, static_cast<off_t>(offset));
  // SAFETY: fresh memory of that size.
  return p == MAP_FAILED ? nullptr : static_cast<u8*>(p);
}
// SAFETY: callers own the range and nothing of it is used afterwards in the way that is taken.
void unmap_memory(void* at, u64 size) { munmap(at, size); }
void protect_memory(void* at, u64 size, MapRights rights) { mprotect(at, size, rights_of(rights)); }

}  // namespace ostd::host
