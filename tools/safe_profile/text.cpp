// SPDX-License-Identifier: MPL-2.0
#include "allow.h"
#include "text.h"

#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

namespace safe_profile {

using namespace clang;
using llvm::StringRef;

namespace {

class Scanner {
 public:
  Scanner(Source& s, FileID file) : s_(s), buffer_(s.manager().getBufferOrFake(file)),
      lexer_(file, buffer_, s.manager(), s.instance().getLangOpts()) { lexer_.SetCommentRetentionState(true); }

  void run() {
    while (next()) {
      if (now_.is(tok::comment)) comment();
      else token();
    }
  }

 private:
  bool next() {
    if (now_.isNot(tok::comment)) last_ = text_;
    lexer_.LexFromRawLexer(now_);
    if (now_.is(tok::eof)) return false;
    text_ = now_.is(tok::comment) ? std::string() : Lexer::getSpelling(now_, s_.manager(), s_.instance().getLangOpts());
    return true;
  }
  // The next token that is no comment; comments are checked on the way.
  bool next_code() {
    bool more = next();
    while (more && now_.is(tok::comment)) { comment(); more = next(); }
    return more;
  }
  SourceLocation here() const { return now_.getLocation(); }

  void comment() {
    const StringRef all = buffer_.getBuffer().substr(s_.manager().getFileOffset(here()), now_.getLength());
    for (StringRef word : {"NOLINT", "clang-format off", "NOSONAR", "coverity[", "cppcheck-suppress", "LCOV_EXCL"})
      if (all.contains_insensitive(word)) s_.report(here(), found::kSuppress, word);
  }

  // Only `#include <...>`, `#include "..."` and `#pragma once`.
  void directive() {
    const SourceLocation at = here();
    bool ok = false;
    if (next_code() && !now_.isAtStartOfLine()) {
      if (text_ == "pragma") ok = next_code() && !now_.isAtStartOfLine() && text_ == "once";
      // What follows is a header name; the preprocessor callback checks it.
      else ok = text_ == "include";
      if (ok && text_ == "include") skip_line(at);
    }
    if (!ok) s_.report(at, found::kDirective);
  }
  // The raw lexer does not know header names: step over the rest of the line.
  void skip_line(SourceLocation at) {
    const unsigned line = s_.manager().getSpellingLineNumber(at);
    while (next_code()) {
      if (s_.manager().getSpellingLineNumber(here()) == line) continue;
      token();
      return;
    }
  }

  void token() {
    if (now_.isOneOf(tok::hash, tok::hashhash)) return directive();  // no other use without #define
    if (now_.is(tok::raw_identifier)) return word();
    if (now_.is(tok::numeric_constant)) return number();
    if (now_.is(tok::l_square)) {
      if (!next_code()) return;
      if (now_.is(tok::l_square)) attributes();
      else token();
    }
  }

  void word() {
    const StringRef t = text_;
    if (t.contains("__") || (t.size() > 1 && t[0] == '_' && llvm::isUpper(t[1]))) return s_.report(here(), found::kReserved, t);
    if (t == "template") return instantiation();
    const StringRef rule = allow::banned_keyword(t);
    if (rule.empty()) return;
    const Finding& f = rule == "S1" ? found::kCast : rule == "S2" ? found::kNull : rule == "S3" ? found::kNew
        : rule == "S11" ? found::kThreadLocal : rule == "S14" ? found::kExtern
        : rule == "S15" ? found::kAttribute : rule == "S18" ? found::kFloat
        : t == "union" ? found::kUnion : t == "volatile" ? found::kVolatile : found::kConstruct;
    s_.report(here(), f, t);
  }

  // `template` that no `<` follows is an explicit instantiation, unless it is the keyword inside a dependent name.
  void instantiation() {
    const bool name = last_ == "." || last_ == "->" || last_ == "::";
    const SourceLocation at = here();
    if (!next_code()) return;
    if (now_.isNot(tok::less) && !name) s_.report(at, found::kInstantiate);
    token();
  }

  void number() {
    const StringRef t = StringRef(text_).take_until([](char c) { return c == '_'; });  // without a user-defined suffix
    const bool hex = t.starts_with_insensitive("0x");
    if (t.contains('.') || (!hex && t.contains_insensitive("e")) || (hex && t.contains_insensitive("p")))
      s_.report(here(), found::kFloat, t);
    else if (!hex && t.find_first_of("ij") != StringRef::npos) s_.report(here(), found::kConstruct, t);
  }

  // Inside [[ ... ]]: a comma-separated list of names from the allow-list, nodiscard with a reason.
  void attributes() {
    std::string name;
    unsigned depth = 0;
    SourceLocation at = here();
    auto end = [&] {
      if (!allow::attribute(name)) s_.report(at, found::kAttribute, name);
      name.clear();
    };
    while (next_code()) {
      if (now_.is(tok::l_paren)) ++depth;
      else if (now_.is(tok::r_paren)) depth -= depth != 0;
      else if (depth != 0) continue;
      else if (now_.is(tok::comma)) end();
      else if (now_.is(tok::r_square)) {
        end();
        return;
      } else {
        if (name.empty()) at = here();
        name += text_;
      }
    }
  }

  Source& s_;
  llvm::MemoryBufferRef buffer_;
  Lexer lexer_;
  Token now_{};
  std::string text_;
  std::string last_;
};

}  // namespace

void check_text(Source& s) {
  SourceManager& m = s.manager();
  llvm::DenseSet<const FileEntry*> seen;
  for (unsigned i = 0; i < m.local_sloc_entry_size(); ++i) {
    const SrcMgr::SLocEntry& e = m.getLocalSLocEntry(i);
    if (!e.isFile()) continue;
    const FileID file = m.getFileID(SourceLocation::getFromRawEncoding(e.getOffset()));
    if (s.origin(file) != Origin::services) continue;
    if (seen.insert(m.getFileEntryForID(file)).second) Scanner(s, file).run();
  }
}

}  // namespace safe_profile
