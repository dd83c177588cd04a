// SPDX-License-Identifier: MPL-2.0
// The clang plugin `safe_profile` (docs/safe-profile.md). Arguments: root=<source root>, safe=<further folder to check>.
#include "checker.h"
#include "text.h"

#include "clang/AST/ASTConsumer.h"
#include "clang/Frontend/FrontendPluginRegistry.h"

namespace safe_profile {

using namespace clang;
using llvm::StringRef;

namespace {

class Consumer final : public ASTConsumer {
 public:
  explicit Consumer(std::unique_ptr<Source> s) : s_(std::move(s)) {}

  void HandleTranslationUnit(ASTContext& a) override {
    const SourceManager& m = s_->manager();
    if (s_->origin(m.getMainFileID()) != Origin::services) s_->report(m.getLocForStartOfFile(m.getMainFileID()), found::kMainFile);
    check_text(*s_);
    // After a real error the tree is incomplete, and the file is rejected anyway. Warnings made errors do not count.
    if (!s_->instance().getDiagnostics().hasUnrecoverableErrorOccurred()) Checker(*s_, a).run();
    s_->flush();
  }

 private:
  std::unique_ptr<Source> s_;
};

class Action final : public PluginASTAction {
 public:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance& ci, StringRef) override {
    auto source = std::make_unique<Source>(ci, options_);
    install_preprocessor(*source);
    // Warnings that the profile's soundness rests on; no command line can turn them off.
    for (StringRef group : {"return-type", "invalid-noreturn", "uninitialized", "dangling", "return-stack-address",
                            "unsequenced", "infinite-recursion", "delete-non-abstract-non-virtual-dtor"})
      ci.getDiagnostics().setSeverityForGroup(diag::Flavor::WarningOrError, group, diag::Severity::Error);
    return std::make_unique<Consumer>(std::move(source));
  }

  bool ParseArgs(const CompilerInstance& ci, const std::vector<std::string>& args) override {
    for (StringRef a : args) {
      if (a.consume_front("root=")) options_.root = a.str();
      else if (a.consume_front("safe=")) options_.safe.push_back(a.str());
      else {
        auto& diags = ci.getDiagnostics();
        diags.Report(diags.getCustomDiagID(DiagnosticsEngine::Error, "safe_profile: unknown argument '%0'")) << a;
        return false;
      }
    }
    return true;
  }

  ActionType getActionType() override { return AddBeforeMainAction; }

 private:
  Options options_;
};

}  // namespace

static FrontendPluginRegistry::Add<Action> registration("safe_profile", "reject what is outside the Safe Profile");

}  // namespace safe_profile
