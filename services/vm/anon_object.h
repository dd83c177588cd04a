// SPDX-License-Identifier: MPL-2.0
// Shared anonymous memory: pages of zeros until written, living as long as a mapping of them.
#pragma once
#include <base/map.h>
#include <base/vec.h>
#include <ostd/reservation.h>
#include <ostd/sync.h>
#include <services/base/ranks.h>
#include <services/vm/memory_object.h>

namespace svc::vm {

// The reverse map every memory object needs: who maps it, with how many areas.
class PageUsers {
 public:
  void add(Weak<PageUser> user) const;
  void remove(const PageUser& user) const;
  bool any() const;
  // Tells all users. No lock of the object's may be held.
  void drop(const RefCounted& object, u64 first, u64 end, bool private_copies_too) const;

 private:
  struct User { Weak<PageUser> user{}; u32 areas = 0; };
  SpinLocked<Map<u64, User>, rank::kLeaf> users_{};
};

class AnonObject final : public MemoryObject {
 public:
  using Whole = Cap<MemoryObject, memory_object::read | memory_object::write | memory_object::execute | kDup>;
  // All rights on it are the maker's. Errors: out_of_memory.
  static Result<Whole> create(const Ref<Account>& account, u64 length);
  AnonObject(u64 length, Commit commit) : length_(length), commit_(std::move(commit)) {}
  Result<UFrame> page(u64 index, Access access) const override;
  Opt<UFrame> page_if_present(u64 index) const override;
  u64 size_bytes() const override { return length_; }
  u64 resident_pages() const { return pages_.with([](Map<u64, UFrame>& m) { return m.size(); }); }
  void add_user(Weak<PageUser> user) const override { users_.add(std::move(user)); }
  void remove_user(const PageUser& user) const override { users_.remove(user); }
  void written_through_mapping() const override {}

 private:
  u64 length_ = 0;
  Commit commit_;
  PageUsers users_{};
  SpinLocked<Map<u64, UFrame>, rank::kMemoryObject> pages_{};
};

// How /proc/PID/maps shows it: as a file of the machine's own tmpfs.
class SharedZero final : public MappedFile {
 public:
  explicit SharedZero(const MemoryObject& o) : number_(object_id(o) >> 4 & 0xffff'ffff) {}
  String path() const override { return String("/dev/zero (deleted)"); }
  DevId device() const override { return DevId::make(0, 1); }
  u64 inode_number() const override { return number_; }
  u64 link_count() const override { return 0; }
  bool executable() const override { return true; }   // its mode is 0777

 private:
  u64 number_ = 0;
};

// Endless zeros, private pages of which a mapping copies (/dev/zero); shared mappings of it share nothing with other opens.
class ZeroObject final : public MemoryObject {
 public:
  Result<UFrame> page(u64 index, Access access) const override;
  Opt<UFrame> page_if_present(u64 index) const override;
  u64 size_bytes() const override { return ~0ULL; }
  void add_user(Weak<PageUser>) const override {}
  void remove_user(const PageUser&) const override {}
  void written_through_mapping() const override {}

 private:
  SpinLocked<Map<u64, UFrame>, rank::kMemoryObject> pages_{};
};

}  // namespace svc::vm
