// SPDX-License-Identifier: MPL-2.0
// MemoryObject: pages that can be mapped and shared: the data of a file, a memfd, shared anonymous memory.
#pragma once
#include <base/own.h>
#include <base/result.h>
#include <base/string.h>
#include <ostd/frame.h>
#include <ostd/address_space.h>
#include <services/base/ids.h>

namespace svc {

// Told when pages of an object go away (truncate, hole punching), so that mappings of them are dropped. Implemented by Vm.
class PageUser : public RefCounted {
 public:
  // Unmaps every page of `object` with index in [first, end) from this address space. May sleep; takes rank kMm.
  virtual void drop_pages(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const = 0;
};

class MemoryObject : public RefCounted {
 public:
  // The page for a fault or a read; made (zeroed or read in) when missing. Errors: io beyond the end (SIGBUS), out_of_memory,
  // no_space. May sleep.
  virtual Result<UFrame> page(u64 index, Access access) const = 0;
  // The same only if it is there now; never sleeps (fault-around).
  virtual Opt<UFrame> page_if_present(u64 index) const = 0;
  virtual u64 size_bytes() const = 0;
  // Reverse map for truncation: a user announces itself per mapping and takes it back.
  virtual void add_user(Weak<PageUser> user) const = 0;
  virtual void remove_user(const PageUser& user) const = 0;
  // A page has become dirty through a shared mapping (file times).
  virtual void written_through_mapping() const = 0;
};

// What /proc/PID/maps shows of a file mapping and what keeps the file busy.
class MappedFile : public RefCounted {
 public:
  virtual String path() const = 0;  // with " (deleted)" when it is
  virtual DevId device() const = 0;
  virtual u64 inode_number() const = 0;
};

}  // namespace svc
