// SPDX-License-Identifier: MPL-2.0
// A small typed formatter: format("{} of {:08x}", a, b). A replacement is {} or {:[[fill]align][#][0][width][type]} with align
// one of < > ^ and type one of d x X o b c s. The format string and the number and kinds of arguments are checked when
// compiling. Prints integers, bool, char, strings, enums (as numbers), Strong types, Duration and Instant; other types by
// `void format_arg(FormatSink&, FormatSpec, const T&)` beside the type (found by ADL).
#pragma once
#include <base/annotations.h>
#include <base/static_str.h>
#include <base/string.h>
#include <base/types.h>
#include <string_view>
#include <type_traits>

namespace ostd {

// Where formatted text goes.
class FormatSink {
 public:
  virtual void write(std::string_view text) = 0;

 protected:
  ~FormatSink() = default;
};

struct FormatSpec {
  u16 width = 0;
  char fill = ' ';
  char align = 0;  // 0: numbers right, all else left
  char type = 0;   // 0: the natural one
  bool prefix = false;
  bool zero = false;
};

// For format_arg of user types: text or a number with width, fill and alignment of the spec.
void format_text(FormatSink& sink, FormatSpec spec, std::string_view text);
void format_number(FormatSink& sink, FormatSpec spec, u64 magnitude, bool negative = false);

namespace detail {
enum class FormatKind : u8 { integer, negative, character, boolean, text, custom };

struct OSTD_VIEW FormatArg {
  FormatKind kind = FormatKind::integer;
  u64 number = 0;
  const void* object = nullptr;  // text: characters, number is the size
  void (*print)(FormatSink&, FormatSpec, const void*) = nullptr;
};

template <class T>
concept CustomFormat = requires(FormatSink& s, FormatSpec f, const T& v) { format_arg(s, f, v); };
template <class T>
concept HasTextView = requires(const T& v) { std::string_view(v.view()); };
template <class T> inline constexpr bool kIsCharArray = false;
template <usize N> inline constexpr bool kIsCharArray<char[N]> = true;
template <class T> inline constexpr bool kIsStrong = false;
template <class Tag> inline constexpr bool kIsStrong<Strong<Tag>> = true;

template <class T>
consteval FormatKind kind_of() {
  if constexpr (CustomFormat<T>) return FormatKind::custom;
  else if constexpr (std::is_same_v<T, bool>) return FormatKind::boolean;
  else if constexpr (std::is_same_v<T, char>) return FormatKind::character;
  else if constexpr (std::is_integral_v<T> || std::is_enum_v<T> || kIsStrong<T>) return FormatKind::integer;
  else if constexpr (std::is_same_v<T, std::string_view> || kIsCharArray<T> || HasTextView<T>) return FormatKind::text;
  else static_assert(sizeof(T) == 0, "no format_arg for this type");
}

// Borrows v.
template <class T>
FormatArg make_arg(const T& v) {
  constexpr FormatKind k = kind_of<T>();
  if constexpr (k == FormatKind::custom) {
    // SAFETY: object is the v given here.
    return {k, 0, static_cast<const void*>(&v),
            [](FormatSink& s, FormatSpec f, const void* o) { format_arg(s, f, *static_cast<const T*>(o)); }};
  } else if constexpr (k == FormatKind::text) {
    std::string_view s;
    if constexpr (kIsCharArray<T>) {
      usize n = 0;
      while (n < sizeof v && v[n] != '\0') ++n;
      s = {v, n};
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      s = v;
    } else {
      s = std::string_view(v.view());
    }
    return {k, s.size(), s.data(), nullptr};
  } else if constexpr (kIsStrong<T>) {
    return {k, v.value, nullptr, nullptr};
  } else if constexpr (std::is_enum_v<T>) {
    return make_arg(static_cast<std::underlying_type_t<T>>(v));
  } else if constexpr (std::is_same_v<T, char>) {
    return {k, static_cast<u8>(v), nullptr, nullptr};
  } else if constexpr (std::is_signed_v<T>) {
    const i64 i = v;
    if (i < 0) return {FormatKind::negative, static_cast<u64>(-(i + 1)) + 1, nullptr, nullptr};
    return {k, static_cast<u64>(i), nullptr, nullptr};
  } else {
    return {k, static_cast<u64>(v), nullptr, nullptr};
  }
}

// Parses what follows '{' of a replacement; `at` then is behind its '}'. False: malformed.
constexpr bool parse_spec(std::string_view f, usize& at, FormatSpec& spec) {
  const auto now = [&] { return at < f.size() ? f[at] : '\0'; };
  const auto aligns = [](char c) { return c == '<' || c == '>' || c == '^'; };
  if (now() == ':') {
    ++at;
    if (at + 1 < f.size() && aligns(f[at + 1])) {
      spec.fill = f[at];
      spec.align = f[at + 1];
      at += 2;
    } else if (aligns(now())) {
      spec.align = f[at++];
    }
    if (now() == '#') { spec.prefix = true; ++at; }
    if (now() == '0') { spec.zero = true; ++at; }
    while (now() >= '0' && now() <= '9') {
      spec.width = static_cast<u16>(spec.width * 10 + (f[at++] - '0'));
      if (spec.width > 999) return false;
    }
    if (now() != '}') spec.type = f[at++];
  }
  if (now() != '}') return false;
  ++at;
  return true;
}

constexpr bool type_fits(FormatKind k, char type) {
  switch (k) {
    case FormatKind::custom: return true;
    case FormatKind::text: return type == 0 || type == 's';
    case FormatKind::boolean: return type == 0 || type == 'd';
    default: return type == 0 || std::string_view("dxXobc").find(type) != std::string_view::npos;
  }
}

// Not constexpr, so that calling one stops the compiler with its name in the message.
void format_string_is_malformed();
void format_string_has_more_replacements_than_arguments();
void format_string_has_fewer_replacements_than_arguments();
void format_type_does_not_fit_argument();

constexpr void check_format(std::string_view f, const FormatKind* kinds, usize n) {
  usize arg = 0;
  for (usize at = 0; at < f.size();) {
    const char c = f[at++];
    if (c == '{') {
      if (at < f.size() && f[at] == '{') { ++at; continue; }
      FormatSpec spec;
      if (!parse_spec(f, at, spec)) return format_string_is_malformed();
      if (arg == n) return format_string_has_more_replacements_than_arguments();
      if (!type_fits(kinds[arg++], spec.type)) return format_type_does_not_fit_argument();
    } else if (c == '}') {
      if (at == f.size() || f[at] != '}') return format_string_is_malformed();
      ++at;
    }
  }
  if (arg != n) format_string_has_fewer_replacements_than_arguments();
}

// Requires: args has what check_format was told.
OSTD_UNSAFE void format_args(FormatSink& sink, std::string_view f, const FormatArg* args, usize n);
}  // namespace detail

// A format string that was checked against the argument types.
template <class... A>
class OSTD_VIEW FormatString {
 public:
  template <usize N>
  consteval FormatString(const char (&literal)[N]) : text_(literal, N - 1) {
    constexpr detail::FormatKind kinds[] = {detail::kind_of<A>()..., detail::FormatKind::custom};
    detail::check_format(text_, kinds, sizeof...(A));
  }
  constexpr std::string_view view() const { return text_; }

 private:
  std::string_view text_;
};
// As a parameter beside `const A&... a`: does not take part in deducing A.
template <class... A>
using FormatFor = FormatString<std::type_identity_t<A>...>;

// Text of at most N bytes; what does not fit is dropped.
template <usize N>
class OSTD_OWNED FixedText final : public FormatSink {
 public:
  FixedText() = default;
  void write(std::string_view text) override {
    usize n = text.size();
    if (n > N - size_) { n = N - size_; truncated_ = true; }
    if (n != 0) __builtin_memcpy(text_ + size_, text.data(), n);
    size_ += n;
  }
  std::string_view view() const OSTD_LIFETIMEBOUND { return {text_, size_}; }
  usize size() const { return size_; }
  bool truncated() const { return truncated_; }
  void clear() { size_ = 0; truncated_ = false; }

 private:
  usize size_ = 0;
  bool truncated_ = false;
  char text_[N];
};

template <class... A>
void format_to(FormatSink& sink, FormatFor<A...> f, const A&... a) {
  const detail::FormatArg args[] = {detail::make_arg(a)..., detail::FormatArg{}};
  detail::format_args(sink, f.view(), args, sizeof...(A));
}

namespace detail {
class StringSink final : public FormatSink {
 public:
  explicit StringSink(String& s OSTD_LIFETIMEBOUND) : s_(s) {}
  void write(std::string_view text) override { s_.append(text); }

 private:
  String& s_;
};
}  // namespace detail

// Appends.
template <class... A>
void format_to(String& to, FormatFor<A...> f, const A&... a) {
  detail::StringSink sink(to);
  format_to(static_cast<FormatSink&>(sink), f, a...);
}
template <class... A>
String format(FormatFor<A...> f, const A&... a) {
  String s;
  format_to(s, f, a...);
  return s;
}

// 1.5s, 20ms, 3.25us, 17ns.
void format_arg(FormatSink& sink, FormatSpec spec, const Duration& d);
// Seconds since boot with six decimals: 12.034567; "never".
void format_arg(FormatSink& sink, FormatSpec spec, const Instant& t);

}  // namespace ostd
