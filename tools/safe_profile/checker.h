// SPDX-License-Identifier: MPL-2.0
// The walk over the syntax tree of services code and of every instantiation of its templates. Kinds of declarations,
// statements, casts and types are allow-listed: what clang learns tomorrow is rejected until somebody has thought about it.
// A parent node is visited before its children; it approves what is only allowed in its place (`this` in `this->x`).
#pragma once
#include "source.h"
#include "types.h"

#include "clang/AST/RecursiveASTVisitor.h"

namespace safe_profile {

class Checker : public clang::RecursiveASTVisitor<Checker> {
  using Base = clang::RecursiveASTVisitor<Checker>;

 public:
  Checker(Source& s, clang::ASTContext& a) : s_(s), a_(a), types_(s, a) {}

  void run();

  // Hooks of the walk.
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool TraverseDecl(clang::Decl* d);
  bool TraverseInitListExpr(clang::InitListExpr* e, DataRecursionQueue* = nullptr);
  bool TraverseLambdaExpr(clang::LambdaExpr* e, DataRecursionQueue* = nullptr);
  bool TraverseNestedNameSpecifierLoc(clang::NestedNameSpecifierLoc n);
  bool VisitStmt(clang::Stmt* s);
  bool VisitDecl(clang::Decl* d);
  bool VisitTypeLoc(clang::TypeLoc t);

 private:
  bool mine(clang::SourceLocation at) { return s_.spelled_in_services(at); }
  static clang::SourceLocation place(const clang::Stmt* s);
  void std_type(clang::QualType t, clang::SourceLocation at);
  static bool allow_std_type(llvm::StringRef name);

  // expressions.cpp
  void approve_children(clang::Stmt* s);
  void approve_this(clang::Expr* e);
  void approve_literals(clang::Expr* e);
  void approve_called_lambda(clang::Expr* e);
  void expression(clang::Expr* e);
  void cast(clang::CastExpr* e);
  void call(clang::CallExpr* e);
  void range(clang::CXXForRangeStmt* f);
  bool allowed_kind(const clang::Stmt* s);

  // uses.cpp
  void use(const clang::NamedDecl* d, clang::SourceLocation at);
  void detail_namespace(const clang::NamespaceDecl* n, clang::SourceLocation at);
  void use_std(const clang::NamedDecl* d, clang::SourceLocation at);
  bool view_argument(const clang::CXXConstructorDecl* k);

  // declarations.cpp
  bool allowed_kind(const clang::Decl* d);
  void variable(clang::VarDecl* d);
  void global(clang::VarDecl* d);
  void field(clang::FieldDecl* d);
  void function(clang::FunctionDecl* d);
  void record(clang::CXXRecordDecl* d);
  void place_of(clang::NamedDecl* d);
  void unshared(clang::NamedDecl* d);
  // Reports a switch without default as the last statement of a function that must return a value.
  void falls_off(const clang::Stmt* last);
  void constructor(clang::CXXConstructorDecl* d);
  // Reports uses of the object under construction other than fields before `until` (null: all uses).
  void early_this(const clang::Stmt* e, const clang::FieldDecl* until);
  void own_initialiser(const clang::Stmt* e, const clang::VarDecl* d);

  // arguments.cpp
  clang::LambdaExpr* lambda_in(clang::Expr* e);
  void arguments(const clang::FunctionDecl* callee, llvm::ArrayRef<clang::Expr*> args, clang::QualType result);
  void argument(clang::Expr* a, const clang::FunctionDecl* callee, unsigned index, clang::QualType result);

  Source& s_;
  clang::ASTContext& a_;
  Types types_;
  llvm::DenseSet<const clang::Stmt*> approved_;
};

}  // namespace safe_profile
