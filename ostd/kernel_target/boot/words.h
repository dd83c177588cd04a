// SPDX-License-Identifier: MPL-2.0
// The words of a kernel command line as far as the core reads them: those before `--`; words with quotes are for the services.
#pragma once
#include <string_view>

namespace ostd::target {

template <class F>
void for_words(std::string_view line, F&& f) {
  bool quoted = false;
  for (std::string_view::size_type begin = 0, i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (quoted || (line[i] != ' ' && line[i] != '\t' && line[i] != '\n'))) continue;
    const std::string_view word = line.substr(begin, i - begin);
    if (word == "--") return;
    if (!word.empty()) f(word);
    begin = i + 1;
  }
}

}  // namespace ostd::target
