// SPDX-License-Identifier: MPL-2.0
// Questions about types: does a value of it hold a borrow, is it made of plain bytes, how is it marked.
#pragma once
#include "source.h"

#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

namespace safe_profile {

class Types {
 public:
  Types(Source& s, clang::ASTContext& a) : s_(s), a_(a) {}

  // Marked by ostd with [[clang::annotate(mark)]], on the entity or on the template it was made from.
  bool marked(const clang::Decl* d, llvm::StringRef mark);
  // Is the parameter marked OSTD_NOESCAPE?
  bool marked_parameter(const clang::ParmVarDecl* p) const;

  // A value of this type holds a pointer, reference or view, directly or inside.
  bool borrows(clang::QualType t) { return borrows(t, 0); }
  // An owner somewhere inside this type has borrows as elements (Vec<std::span<u8>>).
  bool keeps_borrows(clang::QualType t) { return keeps_borrows(t, 0); }
  // Pointer, array, member pointer: what the profile does not have at all.
  bool raw(clang::QualType t) const;
  bool floating(clang::QualType t) const;
  // Any bytes are a valid value: integers, fixed enums, and structs of services made of these.
  bool plain(clang::QualType t, int depth = 0);
  // A class of namespace std (not a nested project class), its name; empty if not.
  llvm::StringRef std_class(const clang::CXXRecordDecl* r);
  bool in_std(const clang::Decl* d);
  // A const object of it can still change: it is or holds an ostd sync type or something mutable.
  bool changes(clang::QualType t, int depth = 0);
  clang::ASTContext& context() const { return a_; }

 private:
  bool borrows(clang::QualType t, int depth);
  bool borrows_record(const clang::CXXRecordDecl* r, int depth);
  bool keeps_borrows(clang::QualType t, int depth);
  template <class F> bool any_type_argument(const clang::CXXRecordDecl* r, F f);

  Source& s_;
  clang::ASTContext& a_;
  llvm::DenseMap<const clang::CXXRecordDecl*, bool> borrows_;
  llvm::DenseMap<const clang::CXXRecordDecl*, bool> keeps_;
};

}  // namespace safe_profile
