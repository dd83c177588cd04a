// SPDX-License-Identifier: MPL-2.0
// Includes and macro expansions of services files.
#include "allow.h"
#include "text.h"

#include "clang/Lex/MacroInfo.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"

namespace safe_profile {

using namespace clang;
using llvm::StringRef;

namespace {

class Callbacks final : public PPCallbacks {
 public:
  explicit Callbacks(Source& s) : s_(s) {}

  void InclusionDirective(SourceLocation hash, const Token&, StringRef name, bool angled, CharSourceRange, OptionalFileEntryRef file,
                          StringRef, StringRef, const Module*, bool, SrcMgr::CharacteristicKind) override {
    if (!s_.spelled_in_services(hash) || !file) return;
    const std::string path = Source::real(file->getName());
    const StringRef root = s_.options().root;
    StringRef rest = path;
    switch (s_.origin_of_path(path)) {
      case Origin::services: return;
      case Origin::ostd:
        if ((rest.consume_front(root) && (rest.starts_with("/ostd/include/") || rest.starts_with("/ostd/base/"))) &&
            !rest.contains("/detail/") && !rest.contains("/target/"))
          return;
        break;
      default:
        if (!rest.starts_with((root + "/").str()) && angled && allow::header(name)) return;
    }
    s_.report(hash, found::kInclude, name);
  }

  void MacroExpands(const Token& name, const MacroDefinition& def, SourceRange, const MacroArgs*) override {
    if (!s_.spelled_in_services(name.getLocation())) return;
    const MacroInfo* info = def.getMacroInfo();
    const StringRef text = name.getIdentifierInfo()->getName();
    if (info && allow::macro(text) && !info->isBuiltinMacro() &&
        s_.origin(s_.manager().getFileID(info->getDefinitionLoc())) == Origin::ostd)
      return;
    if (info && !info->isBuiltinMacro() && limit(text) &&
        s_.origin(s_.manager().getFileID(info->getDefinitionLoc())) == Origin::standard)
      return;
    s_.report(name.getLocation(), found::kMacro, text);
  }

 private:
  // Constants of <cstdint> such as UINT32_MAX: object-like, and only numbers can have these names.
  static bool limit(StringRef n) {
    if (!n.consume_front("UINT") && !n.consume_front("INT") && !n.consume_front("SIZE")) return false;
    return n == "8_MAX" || n == "16_MAX" || n == "32_MAX" || n == "64_MAX" || n == "_MAX" || n == "8_MIN" || n == "16_MIN" ||
           n == "32_MIN" || n == "64_MIN";
  }
  Source& s_;
};

}  // namespace

void install_preprocessor(Source& s) { s.instance().getPreprocessor().addPPCallbacks(std::make_unique<Callbacks>(s)); }

}  // namespace safe_profile
