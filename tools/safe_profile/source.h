// SPDX-License-Identifier: MPL-2.0
// Where code comes from, by the real path of its file: line markers and symbolic links change nothing. Reports findings.
#pragma once
#include "finding.h"

#include "clang/AST/DeclBase.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <string>
#include <vector>

namespace safe_profile {

enum class Origin { services, ostd, standard, other };

struct Options {
  std::string root;               // of the source tree
  std::vector<std::string> safe;  // further folders to check like services/ (the fixtures)
};

class Source {
 public:
  Source(clang::CompilerInstance& ci, Options options);

  clang::SourceManager& manager() const { return ci_.getSourceManager(); }
  clang::CompilerInstance& instance() const { return ci_; }
  const Options& options() const { return options_; }

  Origin origin(clang::FileID file);
  // The real path of a file, empty for buffers without one.
  std::string path(clang::FileID file) const;
  Origin origin_of_path(llvm::StringRef real_path) const;
  static std::string real(llvm::StringRef path);

  // Was this token written in a services file? Macro arguments are, macro bodies of ostd are not.
  bool spelled_in_services(clang::SourceLocation at);
  // Was it written in the composition root (services/boot, or a folder boot of the fixtures)?
  bool spelled_in_root(clang::SourceLocation at);
  // Whose entity is it? That of the first declaration.
  Origin owner(const clang::Decl* d);
  bool owned(const clang::Decl* d) { return owner(d) == Origin::services; }

  // Kept until flush(), so that our own errors do not look like a broken syntax tree.
  void report(clang::SourceLocation at, const Finding& f, llvm::StringRef detail = {});
  void flush();

 private:
  struct Report {
    clang::SourceLocation at;
    const Finding* finding;
    std::string detail;
  };
  clang::CompilerInstance& ci_;
  Options options_;
  llvm::DenseMap<clang::FileID, Origin> origins_;
  llvm::DenseSet<std::pair<unsigned, const void*>> reported_;
  std::vector<Report> reports_;
};

}  // namespace safe_profile
