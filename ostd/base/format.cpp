// SPDX-License-Identifier: MPL-2.0
// The part of the formatter that does not depend on argument types.
#include <base/format.h>

namespace {
using ostd::FormatSink;
using ostd::FormatSpec;
using ostd::u64;
using ostd::usize;

void pad(FormatSink& sink, char c, usize n) {
  char run[16];
  for (char& r : run) r = c;
  for (; n > sizeof run; n -= sizeof run) sink.write({run, sizeof run});
  sink.write({run, n});
}

void put(FormatSink& sink, const FormatSpec& spec, std::string_view head, std::string_view body, char natural) {
  const usize size = head.size() + body.size();
  const usize gap = spec.width > size ? spec.width - size : 0;
  const char align = spec.align != 0 ? spec.align : natural;
  const bool zeros = spec.zero && spec.align == 0 && natural == '>';
  const usize before = zeros ? 0 : align == '>' ? gap : align == '^' ? gap / 2 : 0;
  if (before != 0) pad(sink, spec.fill, before);
  if (!head.empty()) sink.write(head);
  if (zeros && gap != 0) pad(sink, '0', gap);
  if (!body.empty()) sink.write(body);
  const usize after = zeros ? 0 : gap - before;
  if (after != 0) pad(sink, spec.fill, after);
}

// Writes v in this base so that it ends before `end`; the number of digits.
usize digits(char* end, u64 v, unsigned base, bool upper) {
  const char* set = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  usize n = 0;
  do {
    *--end = set[v % base];
    v /= base;
    ++n;
  } while (v != 0);
  return n;
}
}  // namespace

void ostd::format_text(FormatSink& sink, FormatSpec spec, std::string_view text) { put(sink, spec, {}, text, '<'); }

void ostd::format_number(FormatSink& sink, FormatSpec spec, u64 v, bool negative) {
  if (spec.type == 'c') {
    const char c = static_cast<char>(v & 0xff);
    return put(sink, spec, {}, {&c, 1}, '<');
  }
  unsigned base = 10;
  std::string_view prefix;
  if (spec.type == 'x') { base = 16; prefix = "0x"; }
  if (spec.type == 'X') { base = 16; prefix = "0X"; }
  if (spec.type == 'o') { base = 8; prefix = v == 0 ? "" : "0"; }
  if (spec.type == 'b') { base = 2; prefix = "0b"; }
  char text[64];
  const usize n = digits(text + sizeof text, v, base, spec.type == 'X');
  char head[3];
  usize head_size = 0;
  if (negative) head[head_size++] = '-';
  if (spec.prefix)
    for (char c : prefix) head[head_size++] = c;
  put(sink, spec, {head, head_size}, {text + sizeof text - n, n}, '>');
}

void ostd::detail::format_args(FormatSink& sink, std::string_view f, const FormatArg* args, usize n) {
  usize arg = 0;
  usize plain = 0;  // start of the text not yet written
  const auto flush = [&](usize end) { if (end > plain) sink.write(f.substr(plain, end - plain)); };
  for (usize at = 0; at < f.size();) {
    const char c = f[at++];
    if (c != '{' && c != '}') continue;
    flush(at - 1);
    if (at < f.size() && f[at] == c) {  // {{ or }}
      plain = at++;
      continue;
    }
    FormatSpec spec;
    OSTD_CHECK(c == '{' && parse_spec(f, at, spec) && arg < n && "format string was checked");
    plain = at;
    const FormatArg& a = args[arg++];
    switch (a.kind) {
      case FormatKind::integer: format_number(sink, spec, a.number); break;
      case FormatKind::negative: format_number(sink, spec, a.number, true); break;
      case FormatKind::character:
        if (spec.type == 0) spec.type = 'c';
        format_number(sink, spec, a.number);
        break;
      case FormatKind::boolean:
        if (spec.type == 'd') format_number(sink, spec, a.number);
        else format_text(sink, spec, a.number != 0 ? "true" : "false");
        break;
      case FormatKind::text: format_text(sink, spec, {static_cast<const char*>(a.object), a.number}); break;
      case FormatKind::custom: a.print(sink, spec, a.object); break;
    }
  }
  flush(f.size());
}

void ostd::format_arg(FormatSink& sink, FormatSpec spec, const Duration& d) {
  const bool negative = d.ns < 0;
  const u64 ns = negative ? static_cast<u64>(-(d.ns + 1)) + 1 : static_cast<u64>(d.ns);
  struct Unit { u64 ns; unsigned decimals; std::string_view name; };
  constexpr Unit units[] = {{1'000'000'000, 9, "s"}, {1'000'000, 6, "ms"}, {1'000, 3, "us"}, {1, 0, "ns"}};
  usize u = 0;
  while (u < 3 && ns < units[u].ns) ++u;
  char text[40];
  usize n = 0;
  if (negative) text[n++] = '-';
  char number[24];
  const usize whole = digits(number + sizeof number, ns / units[u].ns, 10, false);
  for (usize i = 0; i < whole; ++i) text[n++] = number[sizeof number - whole + i];
  if (u64 rest = ns % units[u].ns; rest != 0) {
    unsigned decimals = units[u].decimals;
    for (; rest % 10 == 0; rest /= 10) --decimals;
    text[n++] = '.';
    const usize have = digits(number + sizeof number, rest, 10, false);
    for (usize i = have; i < decimals; ++i) text[n++] = '0';
    for (usize i = 0; i < have; ++i) text[n++] = number[sizeof number - have + i];
  }
  for (char c : units[u].name) text[n++] = c;
  spec.type = 0;
  put(sink, spec, {}, {text, n}, spec.align == 0 ? '<' : '>');
}

void ostd::format_arg(FormatSink& sink, FormatSpec spec, const Instant& t) {
  if (t == Instant::never()) return format_text(sink, spec, "never");
  FixedText<40> text;
  format_number(text, {}, t.ns / 1'000'000'000);
  text.write(".");
  format_number(text, {.width = 6, .zero = true}, t.ns % 1'000'000'000 / 1'000);
  put(sink, spec, {}, text.view(), '<');
}
