// SPDX-License-Identifier: MPL-2.0
// Shared anonymous memory and the reverse map of memory objects.
#include <services/vm/anon_object.h>

namespace svc::vm {

void PageUsers::add(Weak<PageUser> user) const {
  const Opt<Ref<PageUser>> u = user.lock();
  if (!u) return;
  const u64 id = (*u).id();
  users_.with([&](Map<u64, User>& m) {
    if (!m.with(id, [](User& x) { ++x.areas; })) m.insert(id, User{std::move(user), 1});
  });
}

void PageUsers::remove(const PageUser& user) const {
  Opt<User> gone{};
  users_.with([&](Map<u64, User>& m) {
    const u64 id = object_id(user);
    bool last = false;
    m.with(id, [&](User& x) { last = --x.areas == 0; });
    if (last) gone = m.remove(id);
  });
}

bool PageUsers::any() const {
  return users_.with([](Map<u64, User>& m) { return !m.empty(); });
}

void PageUsers::drop(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const {
  Vec<Weak<PageUser>> all = users_.with([](Map<u64, User>& m) {
    Vec<Weak<PageUser>> out{};
    m.each([&](const u64&, User& x) { out.push_back(x.user); });
    return out;
  });
  for (const Weak<PageUser>& w : all) {
    const Opt<Ref<PageUser>> u = w.lock();
    if (u) (*u)->drop_pages(object, first, end, private_copies_too);
  }
}

Result<AnonObject::Whole> AnonObject::create(const Ref<Account>& account, u64 length) {
  Commit c = TRY(Commit::take(account, length >> kPageShift));
  return Whole::mint(MintKey(), make_ref<AnonObject>(length, std::move(c)));
}

Result<UFrame> AnonObject::page(u64 index, Access access) const {
  if (index >= length_ >> kPageShift) return Errc::io;
  TRY(mem::reserve(4));
  return pages_.with([&](Map<u64, UFrame>& m) -> Result<UFrame> {
    Opt<UFrame> f = m.get(index);
    if (f) return *f;
    UFrame fresh = commit_.alloc();
    m.insert(index, fresh);
    return fresh;
  });
}

Opt<UFrame> AnonObject::page_if_present(u64 index) const {
  return pages_.with([&](Map<u64, UFrame>& m) { return m.get(index); });
}

Result<UFrame> ZeroObject::page(u64 index, Access access) const {
  TRY(mem::reserve(4));
  return pages_.with([&](Map<u64, UFrame>& m) -> Result<UFrame> {
    Opt<UFrame> f = m.get(index);
    if (f) return *f;
    UFrame fresh = UFrame::alloc();
    m.insert(index, fresh);
    return fresh;
  });
}
Opt<UFrame> ZeroObject::page_if_present(u64 index) const {
  return pages_.with([&](Map<u64, UFrame>& m) { return m.get(index); });
}

}  // namespace svc::vm
