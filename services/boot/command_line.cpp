// SPDX-License-Identifier: MPL-2.0
#include <services/boot/command_line.h>
#include <base/array.h>
#include <base/static_str.h>

namespace svc::boot {
namespace {

// Words in double quotes keep their blanks; the quotes go.
Vec<String> split(std::string_view text) {
  Vec<String> words{};
  String word{};
  bool inside = false, quoted = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      inside = true;
    } else if ((c == ' ' || c == '\t' || c == '\n') && !quoted) {
      if (inside) words.push_back(std::move(word));
      word = String();
      inside = false;
    } else {
      word.append(c);
      inside = true;
    }
  }
  if (inside) words.push_back(std::move(word));
  return words;
}

// Words that configure the machine and that programs do not see.
bool known(std::string_view key) {
  constexpr Array kKnown{StaticStr("loglevel"), StaticStr("console"), StaticStr("mitigations"), StaticStr("pti"), StaticStr("nopti"),
                         StaticStr("retbleed"), StaticStr("spec_rstack_overflow"), StaticStr("quiet"), StaticStr("debug"), StaticStr("mem"),
                         StaticStr("nokaslr"), StaticStr("panic"), StaticStr("reboot")};
  for (const StaticStr& k : kKnown.items())
    if (k.view() == key) return true;
  return key.find('.') != std::string_view::npos;  // module.parameter
}

}  // namespace

CommandLine parse_command_line(std::string_view text) {
  CommandLine line{};
  bool rest = false;
  Vec<String> words = split(text);
  for (String& w : words.items()) {
    if (rest) {
      line.arguments.push_back(std::move(w));
      continue;
    }
    const usize eq = w.view().find('=');
    const std::string_view key = w.view().substr(0, eq);
    if (w.view() == "--") rest = true;
    else if (key == "init" || key == "rdinit") line.init = w.substr(eq == std::string_view::npos ? w.size() : eq + 1);
    else if (key == "norandmaps") line.random_places = false;
    else if (key == "strace") line.strace = true;
    else if (key == "albireo.testing") line.testing = true;
    else if (known(key)) continue;
    else if (eq != std::string_view::npos) line.environment.push_back(std::move(w));
    else line.arguments.push_back(std::move(w));
  }
  return line;
}

Vec<String> environment(const CommandLine& line) {
  Vec<String> env{};
  env.push_back(String("HOME=/"));
  env.push_back(String("TERM=linux"));
  for (const String& w : line.environment) {
    const usize eq = w.view().find('=');
    bool replaced = false;
    for (String& e : env.items()) {
      if (e.view().substr(0, eq + 1) != w.view().substr(0, eq + 1)) continue;
      e = w;
      replaced = true;
    }
    if (!replaced) env.push_back(w);
  }
  return env;
}

}  // namespace svc::boot
