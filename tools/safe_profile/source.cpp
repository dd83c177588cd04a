// SPDX-License-Identifier: MPL-2.0
#include "source.h"

#include "clang/Basic/Diagnostic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"

namespace safe_profile {

using namespace clang;

Source::Source(CompilerInstance& ci, Options options) : ci_(ci), options_(std::move(options)) {
  options_.root = real(options_.root);
  for (auto& dir : options_.safe) dir = real(dir);
}

std::string Source::real(llvm::StringRef path) {
  llvm::SmallString<256> out;
  if (llvm::sys::fs::real_path(path, out)) return std::string(path);
  return std::string(out);
}

static bool below(llvm::StringRef path, llvm::StringRef dir) {
  return !dir.empty() && path.consume_front(dir) && path.starts_with("/");
}

Origin Source::origin_of_path(llvm::StringRef p) const {
  for (const auto& dir : options_.safe)
    if (below(p, dir)) return Origin::services;
  if (below(p, options_.root + "/services")) return Origin::services;
  if (below(p, options_.root + "/ostd")) return Origin::ostd;
  return Origin::other;
}

std::string Source::path(FileID file) const {
  auto entry = manager().getFileEntryRefForID(file);
  return entry ? real(entry->getName()) : std::string();
}

Origin Source::origin(FileID file) {
  auto it = origins_.find(file);
  if (it != origins_.end()) return it->second;
  Origin o = Origin::other;
  if (std::string p = path(file); !p.empty()) {
    o = origin_of_path(p);
    // Not isInSystemHeader: a line marker could turn any file into a system header. The directory lookup decides.
    if (o == Origin::other && !below(p, options_.root) && file != manager().getMainFileID()) o = Origin::standard;
  }
  return origins_[file] = o;
}

bool Source::spelled_in_services(SourceLocation at) {
  return at.isValid() && origin(manager().getFileID(manager().getSpellingLoc(at))) == Origin::services;
}

bool Source::spelled_in_root(SourceLocation at) {
  const std::string p = path(manager().getFileID(manager().getSpellingLoc(at)));
  for (const auto& dir : options_.safe)
    if (below(p, dir + "/boot")) return true;
  return below(p, options_.root + "/services/boot");
}

Origin Source::owner(const Decl* d) {
  d = d->getCanonicalDecl();
  SourceLocation at = d->getLocation();
  if (at.isInvalid()) at = d->getBeginLoc();
  if (at.isInvalid()) return Origin::other;
  return origin(manager().getFileID(manager().getExpansionLoc(at)));
}

void Source::report(SourceLocation at, const Finding& f, llvm::StringRef detail) {
  at = manager().getExpansionLoc(at);
  if (reported_.insert({at.getRawEncoding(), &f}).second) reports_.push_back({at, &f, detail.str()});
}

void Source::flush() {
  auto& diags = ci_.getDiagnostics();
  const unsigned id = diags.getCustomDiagID(DiagnosticsEngine::Error, "[%0] %1%2: %3; write instead: %4");
  llvm::sort(reports_, [this](const Report& a, const Report& b) { return manager().isBeforeInTranslationUnit(a.at, b.at); });
  for (const Report& r : reports_)
    diags.Report(r.at, id) << r.finding->rule << r.finding->what << (r.detail.empty() ? "" : " (" + r.detail + ")") << r.finding->why
                           << r.finding->instead;
  reports_.clear();
}

}  // namespace safe_profile
