// SPDX-License-Identifier: MPL-2.0
// Where does a borrow come from? The roots of an expression are the variables, parameters or temporaries that must stay as
// they are for it to be valid, each with the path from there: fields, and hops through owners (an element of a container,
// *own). Only what is behind an owner moves or dies when the owner changes.
#pragma once
#include "types.h"

#include "clang/AST/ExprCXX.h"

namespace safe_profile {

// element: an accessor of ostd goes to a direct element of an owner. call: any other function; how far it goes is not known.
struct Step {
  enum class Kind { field, element, call };
  Kind kind;
  const clang::Decl* field = nullptr;
};
struct Root {
  enum class Kind { local, param, self, temporary, fixed };
  Kind kind;
  const clang::VarDecl* var = nullptr;  // local: an object; param: a parameter that is itself a borrow
  llvm::SmallVector<Step, 4> path{};
};
using RootList = llvm::SmallVector<Root, 4>;

// Which arguments a function's result borrows from, as declared.
struct Bound {
  bool self = false;
  llvm::SmallVector<bool, 4> params;
  bool any = false;
};
Bound bound(const clang::FunctionDecl* f);

class Roots {
 public:
  Roots(Types& t, Source& s) : types_(t), s_(s) {}
  void of(const clang::Expr* e, RootList& out) { of(e, out, 0); }
  // A later assignment to a local borrow adds its sources.
  void also(const clang::VarDecl* v, const RootList& more) { more_[v].append(more.begin(), more.end()); }
  void of_variable(const clang::VarDecl* v, RootList& out) { of_variable(v, out, 0); }
  void added(const clang::VarDecl* v, RootList& out) const {
    if (auto it = more_.find(v); it != more_.end()) out.append(it->second.begin(), it->second.end());
  }
  // A reference, or a value that holds a borrow.
  bool is_borrow(const clang::Expr* e) { return e->isGLValue() || types_.borrows(e->getType()); }

 private:
  void of(const clang::Expr* e, RootList& out, unsigned level);
  void of_variable(const clang::VarDecl* v, RootList& out, unsigned level);
  void of_call(const clang::CallExpr* c, RootList& out, unsigned level);
  bool of_inlined(const clang::CallExpr* c, const clang::FunctionDecl* f, RootList& out, unsigned level);
  void of_lambda(const clang::LambdaExpr* l, RootList& out, unsigned level);

  Types& types_;
  Source& s_;
  llvm::DenseMap<const clang::VarDecl*, RootList> more_;
};

}  // namespace safe_profile
