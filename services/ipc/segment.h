// SPDX-License-Identifier: MPL-2.0
// Shared memory segments [shmget(2), shmop(2), shmctl(2)].
#pragma once
#include <services/ipc/object.h>
#include <services/vm/anon_object.h>

namespace svc::ipc {

class Space;
inline constexpr u32 kDestroyed = 01000, kLocked = 02000;   // SHM_DEST, SHM_LOCKED in a mode

class Segment final : public Object {
 public:
  struct Figures {
    u64 attached = 0;
    i64 attach_time = 0, detach_time = 0, change_time = 0;
    i32 last_pid = 0;
  };
  Segment(const Context& who, i32 key, u32 mode, u64 size, Ref<vm::AnonObject> memory, Weak<Space> space);
  ~Segment() override;
  u64 size() const { return size_; }                         // as asked for, bytes
  u64 pages() const { return page_up(size_) >> kPageShift; }
  u64 resident_pages() const { return memory_->resident_pages(); }
  i32 name_key() const { return name_key_; }                 // the key it was made with
  i32 maker() const { return maker_; }
  Figures figures() const { return state_.with([](State& s) { return s.shown; }); }
  void changed() const { state_.with([](State& s) { s.shown.change_time = wall_seconds(); }); }
  const vm::AnonObject& memory() const [[clang::lifetimebound]] { return *memory_; }
  // One attachment more, as long as shmat(2) works. Errors: identifier_removed.
  Status hold() const;
  void release() const;
  // An area that maps it came or went, of this process.
  void opened(i32 pid) const;
  void closed(i32 pid) const;
  // IPC_RMID: now, or with its last attachment.
  void remove() const;

 private:
  struct State {
    Figures shown{};
    bool doomed = false, removed = false;
  };
  void destroy_if(bool last) const;
  void count(u64 n) const;              // of pages, added to what the space has
  u64 size_;
  i32 name_key_, maker_;
  Ref<vm::AnonObject> memory_;
  Weak<Space> space_;
  SpinLocked<State, rank::kIpcObject> state_{};
};

// What one shmat(2) maps.
class Attachment final : public MemoryObject {
 public:
  static DynCap<MemoryObject> create(const Ref<Segment>& s, bool writable);
  explicit Attachment(Ref<Segment> s) : segment_(std::move(s)) {}
  u64 size_bytes() const override { return segment_->size(); }
  void add_user(Weak<PageUser> user) const override;
  void remove_user(const PageUser& user) const override { segment_->closed(user.process_id()); }
  bool counts_areas() const override { return true; }

 private:
  Result<UFrame> page(u64 index, Access access) const override { return segment_->memory().page(index, access); }
  Opt<UFrame> page_if_present(u64 index) const override { return segment_->memory().page_if_present(index); }
  void written_through_mapping() const override {}
  Ref<Segment> segment_;
};

// Its name in /proc/PID/maps.
Ref<MappedFile> mapped_segment(const Segment& s);

}  // namespace svc::ipc
