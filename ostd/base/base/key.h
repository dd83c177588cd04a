// SPDX-License-Identifier: MPL-2.0
// How the keys of Map and HashMap are given to lookups: by const reference, or for String keys as any text.
#pragma once
#include <base/annotations.h>
#include <base/hash.h>
#include <base/static_str.h>
#include <base/string.h>
#include <string_view>

namespace ostd {

// Parameter only.
class OSTD_VIEW TextKey {
 public:
  TextKey(std::string_view s) : s_(s) {}
  TextKey(const char* s) : s_(s) {}
  TextKey(const String& s) : s_(s.view()) {}
  TextKey(const StaticStr& s) : s_(s.view()) {}
  std::string_view view() const { return s_; }
  friend bool operator==(const String& a, const TextKey& b) { return a.view() == b.s_; }
  friend bool operator<(const String& a, const TextKey& b) { return a.view() < b.s_; }
  friend bool operator<(const TextKey& a, const String& b) { return a.s_ < b.view(); }
  friend void hash_append(Hasher& h, const TextKey& k) { h.add(k.s_); }

 private:
  std::string_view s_;
};

namespace detail {
template <class K> struct KeyArgOf { using Type = const K&; };
template <> struct KeyArgOf<String> { using Type = const TextKey&; };
}  // namespace detail
template <class K>
using KeyArg = typename detail::KeyArgOf<K>::Type;

}  // namespace ostd
