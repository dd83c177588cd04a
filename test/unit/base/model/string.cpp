// SPDX-License-Identifier: MPL-2.0
// String against std::string.
#include "model.h"
#include <base/string.h>
#include <string>

using namespace ostd;

TEST_CASE("String does what std::string does", "[model]") {
  u32 refusals = 0;
  MODEL_ROUNDS(r, 8) {
    String s;
    std::string m;
    const auto equal = [&] { return s.view() == m && s.size() == m.size() && s.empty() == m.empty() && s.c_str()[m.size()] == '\0'; };
    MODEL_STEPS(r, 8000) {
      const usize at = r.rng.below(static_cast<u32>(m.size()) + 1), n = r.rng.below(60);
      const char c = static_cast<char>(static_cast<u8>(r.rng.below(256)));
      const std::string piece(n, c);
      switch (r.rng.below(20)) {
        case 0: case 1: r.grow([&] { s.append(c); }, equal); m.push_back(c); break;
        case 2: r.grow([&] { s.append(std::string_view(piece)); }, equal); m += piece; break;
        case 3: if (c != '\0') { r.grow([&] { s.append(piece.c_str()); }, equal); m += piece; } break;
        case 4: r.grow([&] { s.append(s); }, equal); m += std::string(m); break;
        case 5: r.grow([&] { s.append(s.view().substr(at, n)); }, equal); m += m.substr(at, n); break;  // a part of itself
        case 6: r.grow([&] { s.append(s.bytes().subspan(at)); }, equal); m += m.substr(at); break;
        case 7: s.truncate(n); if (n < m.size()) m.resize(n); break;
        case 8: { String t(s); HOLDS(r, t == s); s = std::move(t); HOLDS(r, t.empty()); break; }
        case 9: { String t(std::move(s)); HOLDS(r, s.empty() && s.view().empty()); s = t.copy(); HOLDS(r, t == m); break; }
        case 10: { String t{std::string_view(piece)}; t = s; HOLDS(r, t == s); t.append('x'); HOLDS(r, t.view() != m); break; }
        case 11: HOLDS(r, s.substr(at, n).view() == m.substr(at, n)); HOLDS(r, s.substr(at).view() == m.substr(at)); break;
        case 12: if (n < 6) { s.clear(); m.clear(); } break;
        case 13: { String& self = s; s = self; s = std::move(self); break; }
        case 14: if (at < m.size()) HOLDS(r, s[at] == m[at]); break;
        case 15: { const String t{std::string_view(piece)}; HOLDS(r, (s <=> t) == (std::string_view(m) <=> std::string_view(piece))); HOLDS(r, (s < piece) == (m < piece)); break; }
        case 16: HOLDS(r, String(s.bytes()) == m); break;
        case 17: s = String(s.substr(at, n)); m = m.substr(at, n); break;
        default: break;
      }
      HOLDS(r, equal());
      if (m.size() > 600) { s.truncate(n); m.resize(n); }
    }
    refusals += r.refusals;
  }
  CHECK(refusals != 0);
}
