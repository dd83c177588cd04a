// SPDX-License-Identifier: MPL-2.0
// StaticStr: a string literal, so it may be kept for ever. ModuleName: a literal as a template argument (log::info<"vfs">).
#pragma once
#include <base/annotations.h>
#include <base/trap.h>
#include <base/types.h>
#include <string_view>

namespace ostd {

template <usize N> struct ModuleName;

// The copy functions are written out so that the type is not trivially copyable: no bytes of a program can become one.
class [[clang::trivial_abi]] OSTD_OWNED StaticStr {
 public:
  template <usize N>
  consteval StaticStr(const char (&literal)[N]) : text_(literal), size_(N - 1) {
    OSTD_CHECK(literal[N - 1] == '\0' && "a string literal");
  }
  constexpr StaticStr(const StaticStr& o) : text_(o.text_), size_(o.size_) {}
  constexpr StaticStr& operator=(const StaticStr& o) {
    text_ = o.text_;
    size_ = o.size_;
    return *this;
  }
  constexpr std::string_view view() const { return {text_, size_}; }
  constexpr usize size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  friend constexpr bool operator==(const StaticStr& a, const StaticStr& b) { return a.view() == b.view(); }
  friend constexpr bool operator==(const StaticStr& a, std::string_view b) { return a.view() == b; }

 private:
  template <usize N> friend struct ModuleName;
  constexpr StaticStr(const char* text, usize size) : text_(text), size_(size) {}
  const char* text_;
  usize size_;
};

template <usize N>
struct ModuleName {
  consteval ModuleName(const char (&literal)[N]) {
    for (usize i = 0; i < N; ++i) text[i] = literal[i];
  }
  // Only for template parameter objects, which have static storage.
  consteval StaticStr view() const { return StaticStr(text, N - 1); }
  char text[N] = {};
};

}  // namespace ostd
