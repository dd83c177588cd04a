// SPDX-License-Identifier: MPL-2.0
// Rules S7, S8 and S9 on the body of one function with the lambdas in it: what borrows come from, how long they live, what
// changes meanwhile. Lexical: a borrow is alive from its declaration to the last statement of its block that uses it.
#pragma once
#include "roots.h"

#include "clang/AST/StmtCXX.h"

namespace safe_profile {

class BorrowCheck {
 public:
  BorrowCheck(Types& t, Source& s) : types_(t), s_(s), roots_(t, s) {}
  void run(const clang::FunctionDecl* f);
  void run(const clang::Expr* initialiser);  // of a variable or member outside functions

 private:
  struct Scope {
    const Scope* outer;
    const clang::FunctionDecl* function;
  };

  bool mine(clang::SourceLocation at) { return s_.spelled_in_services(at); }
  void walk(const clang::Stmt* s, const Scope& scope);
  void block(llvm::ArrayRef<const clang::Stmt*> body, const Scope& scope);
  void declare(const clang::VarDecl* v, const Scope& scope);
  void temporary(const clang::VarDecl* v);
  void lambda(const clang::LambdaExpr* l, const Scope& scope);
  void returned(const clang::ReturnStmt* r, const Scope& scope);
  void assigned(const clang::Expr* to, const clang::Expr* from, clang::SourceLocation at);
  bool outlives(const Root& r, const clang::VarDecl* holder);
  void call(const clang::Expr* c);
  // The bodies of a closure: one, or one for each instantiation of a generic lambda.
  static llvm::SmallVector<const clang::FunctionDecl*, 2> bodies(const clang::CXXRecordDecl* closure);

  // Reports changes of held objects in these statements.
  void hold(const RootList& held, const clang::Stmt* s);
  void hold_before(const RootList& held, const clang::Stmt* s, const clang::VarDecl* v);
  void hold_until(const RootList& held, const clang::Stmt* s, const clang::VarDecl* v);
  bool invalidates(const Root& change, const Root& borrow);
  // Objects that evaluating this node alone (not its children) may change, with the expression that names each.
  using Changes = llvm::SmallVector<std::pair<Root, const clang::Expr*>, 4>;
  void changes(const clang::Stmt* s, Changes& out);
  void inner_changes(const clang::Stmt* s, Changes& out);  // with its children and lambda bodies
  void all_changes(const clang::Stmt* s, Changes& out);  // with its children, without lambda bodies
  bool stable(const clang::CXXMethodDecl* m);
  // Looks into the body, if it is visible: does this function leave its object (null) or this parameter as it is?
  bool leaves(const clang::FunctionDecl* f, const clang::ParmVarDecl* p);
  bool owning(clang::QualType t);

  Types& types_;
  Source& s_;
  Roots roots_;
  llvm::DenseMap<const clang::VarDecl*, std::pair<const Scope*, unsigned>> declared_;
  llvm::DenseSet<const clang::CXXRecordDecl*> given_to_ostd_;  // closure classes
  llvm::SmallPtrSet<const clang::CXXRecordDecl*, 4> scanning_;
  llvm::DenseMap<std::pair<const clang::FunctionDecl*, const clang::ParmVarDecl*>, bool> leaves_;
  unsigned looking_ = 0;
  unsigned order_ = 0;
};

}  // namespace safe_profile
