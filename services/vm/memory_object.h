// SPDX-License-Identifier: MPL-2.0
// MemoryObject: pages that can be mapped and shared: the data of a file, a memfd, shared anonymous memory.
#pragma once
#include <base/cap.h>
#include <base/own.h>
#include <base/result.h>
#include <base/string.h>
#include <ostd/frame.h>
#include <ostd/address_space.h>
#include <services/base/ids.h>

namespace svc {

namespace fs { class FileMemory; }
namespace vm { class AnonObject; }
namespace ipc { class Attachment; }

// Told when pages of an object go away (truncate, hole punching), so that mappings of them are dropped. Implemented by Vm.
class PageUser : public RefCounted {
 public:
  // Unmaps every page of `object` with index in [first, end) from this address space. May sleep; takes rank kMm.
  virtual void drop_pages(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const = 0;
  // Whose memory it is, for what remembers who used it last; 0: nobody's yet.
  virtual i32 process_id() const = 0;
};

class MemoryObject;
// What a mapping may do with the pages of an object. What it does with private copies of them is its own affair.
namespace memory_object {
inline constexpr auto read = Rights<MemoryObject>::bit(0), write = Rights<MemoryObject>::bit(1), execute = Rights<MemoryObject>::bit(2);
}

class MemoryObject : public RefCounted {
 public:
  class MintKey {
    friend class fs::FileMemory;
    friend class vm::AnonObject;
    friend class ipc::Attachment;
    explicit MintKey() {}
  };
  struct Calls {
    // The page for a fault; made (zeroed or read in) when missing. Errors: io beyond the end (SIGBUS), out_of_memory, no_space.
    // May sleep.
    Result<UFrame> page(this const Permits<memory_object::read> auto& self, u64 index) { return self->page(index, Access::read); }
    // Only if it is there now; never sleeps (fault-around, mincore).
    Opt<UFrame> page_if_present(this const Permits<memory_object::read> auto& self, u64 index) { return self->page_if_present(index); }
    // As page(), for a shared mapping that writes: the object is told that its contents change (file times).
    Result<UFrame> page_to_write(this const Permits<memory_object::write> auto& self, u64 index) {
      Result<UFrame> f = self->page(index, Access::write);
      if (f.ok()) self->written_through_mapping();
      return f;
    }
  };
  virtual u64 size_bytes() const = 0;
  // Reverse map for truncation: a user announces itself per mapping and takes it back.
  virtual void add_user(Weak<PageUser> user) const = 0;
  virtual void remove_user(const PageUser& user) const = 0;
  // Its users are counted by areas: no two areas of it become one, and shmdt(2) finds them.
  virtual bool counts_areas() const { return false; }
  // Told of each mapping that is shared and may write, when it comes and when it goes.
  virtual void add_writer() const {}
  virtual void remove_writer() const {}

 private:
  virtual Result<UFrame> page(u64 index, Access access) const = 0;
  virtual Opt<UFrame> page_if_present(u64 index) const = 0;
  virtual void written_through_mapping() const = 0;
};

// What /proc/PID/maps shows of a file mapping and what keeps the file busy.
class MappedFile : public RefCounted {
 public:
  virtual String path() const = 0;  // with " (deleted)" when it is
  virtual DevId device() const = 0;
  virtual u64 inode_number() const = 0;
  virtual u64 link_count() const = 0;   // 0: it has no name (any more)
  virtual bool executable() const = 0;  // by somebody
};

}  // namespace svc
