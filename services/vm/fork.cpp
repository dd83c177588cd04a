// SPDX-License-Identifier: MPL-2.0
// A copy of all mappings for fork: private pages become copy-on-write on both sides.
#include <services/vm/state.h>

namespace svc::vm {
namespace {

// Pages of shared mappings come back from their object when they are touched.
bool copies_pages(const Area& x) { return x.sharing == Sharing::private_ && !x.wipe_on_fork; }

}  // namespace

Result<Cap<Vm, memory::all>> Vm::fork() const {
  const Ref<Vm> child = TRY(make(account_));
  // Readers may fault meanwhile; the cursors order them. Writers (mmap ...) wait. The child's own lock is taken afterwards: nobody
  // else knows the child yet.
  child->process_.store(process_id(), Order::relaxed);
  constexpr usize kPiece = 12;
  Vec<Vec<Area>> copies{};  // a long list in one piece would need contiguous memory
  Areas::Break brk{};
  VirtAddr place{}, map_top{};
  Layout layout{};
  Vec<u64> auxv{};
  TRY(state_->areas.read([&](const Areas& a) -> Status {
    u64 pages = 0;
    a.by_start.each([&](const u64&, const Area& x) { pages += x.dont_fork ? 0 : x.commit.pages(); });
    Commit all = TRY(Commit::take(account_, pages));
    TRY(mem::reserve(space_->table_pages() + 16 + a.by_start.size() / 8));
    brk = {a.brk_start, a.brk};
    place = a.place_below;
    map_top = a.map_top;
    layout = a.layout;
    auxv = a.auxv;
    a.by_start.each([&](const u64&, const Area& x) {
      if (x.dont_fork) return;
      Area y = x.same_for(x.range);
      y.locked = y.lock_on_fault = false;
      if (x.commit.pages() != 0) y.commit = all.split(x.commit.pages());
      if (copies.empty() || copies.back().size() == kPiece) {
        copies.push_back(Vec<Area>());
        copies.back().reserve(kPiece);
      }
      copies.back().push_back(std::move(y));
    });
    // One pair of cursors, so that the parent's TLBs are flushed once.
    Cursor from(*space_, {kUserBegin, kUserEnd});
    Cursor to(*child->space_, {kUserBegin, kUserEnd});
    a.by_start.each([&](const u64&, const Area& x) {
      if (x.dont_fork || !copies_pages(x)) return;
      static_cast<void>(from.clone_into(to, x.range, Cursor::Clone::copy_on_write));
    });
    return Ok();
  }));
  child->state_->areas.write([&](Areas& b) {
    b.brk_start = brk.start;
    b.brk = brk.end;
    b.place_below = place;
    b.map_top = map_top;
    b.layout = layout;
    std::swap(b.auxv, auxv);
    for (Vec<Area>& piece : copies.items())
      for (Area& y : piece.items()) {
        child->space_->note_area(y.range);
        insert_area(b, std::move(y), *child);
      }
  });
  return Cap<Vm, memory::all>::mint(MintKey(), child);
}

}  // namespace svc::vm
