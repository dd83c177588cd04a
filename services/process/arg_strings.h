// SPDX-License-Identifier: MPL-2.0
// ArgStrings: the arguments or environment of a program to be executed: NUL-terminated strings one after the other, in blocks of a
// few pages, since together they may be megabytes and hundreds of thousands.
#pragma once
#include <base/fn.h>
#include <base/result.h>
#include <base/vec.h>
#include <services/base/ids.h>
#include <string_view>

namespace svc::proc {

class ArgStrings {
 public:
  usize count() const { return count_; }
  usize bytes() const { return bytes_; }  // with the NULs
  bool empty() const { return count_ == 0; }
  void add(std::string_view s);
  void remove_first();
  // f gets each block: whole strings with their NULs, in order; stops at an error and returns it.
  Status each_block(FnRef<Status(std::span<const u8>)> f) const;
  // Pages that adding a string of this size can take.
  static usize pages_for(usize size) { return kBlock / kPageSize + 1 + 2 * (size / kPageSize); }

 private:
  static constexpr usize kBlock = 4 * kPageSize;
  Vec<Vec<u8>> blocks_{};
  usize first_ = 0;  // where the first string begins in the first block
  usize count_ = 0, bytes_ = 0;
};

}  // namespace svc::proc
