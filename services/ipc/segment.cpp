// SPDX-License-Identifier: MPL-2.0
// Segments and their attachments.
#include <base/format.h>
#include <services/ipc/space.h>

namespace svc::ipc {
namespace {

class SegmentFile final : public MappedFile {
 public:
  SegmentFile(i32 key, i32 id) : key_(key), id_(id) {}
  String path() const override { return ostd::format("/SYSV{:08x} (deleted)", static_cast<u32>(key_)); }
  DevId device() const override { return DevId::make(0, 1); }
  u64 inode_number() const override { return static_cast<u64>(id_); }
  u64 link_count() const override { return 0; }
  bool executable() const override { return true; }   // its mode is 0777

 private:
  i32 key_, id_;
};

}  // namespace

Ref<MappedFile> mapped_segment(const Segment& s) { return make_ref<SegmentFile>(s.name_key(), s.id()); }

Segment::Segment(const Context& who, i32 key, u32 mode, u64 size, Ref<vm::AnonObject> memory, Weak<Space> space)
    : Object(who, key, mode), size_(size), name_key_(key), maker_(who.process_id().value), memory_(std::move(memory)), space_(std::move(space)) {
  changed();
  count(this->pages());
}
Segment::~Segment() { count(wrapping_sub(u64{0}, pages())); }
void Segment::count(u64 n) const {
  const Opt<Ref<Space>> space = space_.lock();
  if (space) (*space)->counts().shm_pages.fetch_add(n);
}

Status Segment::hold() const {
  return state_.with([](State& s) -> Status {
    if (s.removed) return Errc::identifier_removed;
    ++s.shown.attached;
    return Ok();
  });
}
void Segment::release() const {
  destroy_if(state_.with([](State& s) { return --s.shown.attached == 0 && s.doomed; }));
}
void Segment::opened(i32 pid) const {
  state_.with([&](State& s) {
    ++s.shown.attached;
    s.shown.attach_time = wall_seconds();
    s.shown.last_pid = pid;
  });
}
void Segment::closed(i32 pid) const {
  destroy_if(state_.with([&](State& s) {
    s.shown.detach_time = wall_seconds();
    s.shown.last_pid = pid;
    return --s.shown.attached == 0 && s.doomed;
  }));
}
void Segment::remove() const {
  const Opt<Ref<Space>> space = space_.lock();
  if (space) (*space)->segments().forget_key(*this);
  add_mode(kDestroyed);
  destroy_if(state_.with([](State& s) {
    s.doomed = true;
    return s.shown.attached == 0;
  }));
}
void Segment::destroy_if(bool last) const {
  if (!last) return;
  const bool now = state_.with([](State& s) {
    if (s.shown.attached != 0 || s.removed) return false;
    s.removed = true;
    return true;
  });
  const Opt<Ref<Space>> space = space_.lock();
  if (now && space) static_cast<void>((*space)->segments().remove(*this));
}

DynCap<MemoryObject> Attachment::create(const Ref<Segment>& s, bool writable) {
  Rights<MemoryObject> r = memory_object::read | memory_object::execute | kDup;
  if (writable) r = r | memory_object::write;
  return DynCap<MemoryObject>::mint(MintKey(), Ref<MemoryObject>(make_ref<Attachment>(s)), r);
}
void Attachment::add_user(Weak<PageUser> user) const {
  const Opt<Ref<PageUser>> u = user.lock();
  segment_->opened(u ? (*u)->process_id() : 0);
}

}  // namespace svc::ipc
