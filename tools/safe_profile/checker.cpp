// SPDX-License-Identifier: MPL-2.0
// The walk itself: what is visited, and where clang's own walk has gaps.
#include "checker.h"

#include "clang/AST/ExprCXX.h"

namespace safe_profile {

using namespace clang;

void Checker::run() {
  for (Decl* d : a_.getTranslationUnitDecl()->noload_decls()) TraverseDecl(d);
}

// Declarations of others are not entered: speed. An instantiation has the location of its template.
bool Checker::TraverseDecl(Decl* d) {
  if (!d || isa<TranslationUnitDecl>(d)) return true;
  SourceLocation at = d->getLocation();
  if (at.isInvalid()) at = d->getBeginLoc();
  if (at.isValid()) {
    const SourceManager& m = s_.manager();
    if (s_.origin(m.getFileID(m.getExpansionLoc(at))) != Origin::services) return true;
  }
  return Base::TraverseDecl(d);
}

// The semantic form holds the implicit conversions; the default walk sees only the written form.
bool Checker::TraverseInitListExpr(InitListExpr* e, DataRecursionQueue*) {
  // First the semantic form: visiting it approves the parts that the written form shares.
  InitListExpr* semantic = e->isSemanticForm() ? e : e->getSemanticForm();
  InitListExpr* written = e->isSemanticForm() ? e->getSyntacticForm() : e;
  if (semantic && !TraverseSynOrSemInitListExpr(semantic, nullptr)) return false;
  return !written || written == semantic || TraverseSynOrSemInitListExpr(written, nullptr);
}

// The bodies of a generic lambda's instantiations are not below the lambda.
bool Checker::TraverseLambdaExpr(LambdaExpr* e, DataRecursionQueue*) {
  if (!Base::TraverseLambdaExpr(e, nullptr)) return false;
  if (FunctionTemplateDecl* t = e->getCallOperator()->getDescribedFunctionTemplate())
    for (FunctionDecl* f : t->specializations())
      if (!Base::TraverseDecl(f)) return false;
  return true;
}

bool Checker::TraverseNestedNameSpecifierLoc(NestedNameSpecifierLoc n) {
  if (n && mine(n.getBeginLoc()))
    if (auto* ns = n.getNestedNameSpecifier()->getAsNamespace()) detail_namespace(ns, n.getBeginLoc());
  return Base::TraverseNestedNameSpecifierLoc(n);
}

bool Checker::VisitStmt(Stmt* s) {
  approve_children(s);
  if (!mine(place(s))) return true;
  if (!allowed_kind(s)) {
    const bool destroy = isa<CXXPseudoDestructorExpr>(s), memory = isa<CXXNewExpr, CXXDeleteExpr>(s);
    s_.report(place(s), destroy ? found::kDestroy : memory ? found::kNew : isa<ArraySubscriptExpr>(s) ? found::kArray : found::kConstruct,
              s->getStmtClassName());
  }
  if (auto* e = dyn_cast<Expr>(s)) expression(e);
  else if (auto* f = dyn_cast<CXXForRangeStmt>(s)) range(f);
  return true;
}

bool Checker::VisitTypeLoc(TypeLoc t) {
  const SourceLocation at = t.getBeginLoc();
  if (!mine(at)) return true;
  const QualType type = t.getType();
  if (t.getAs<PointerTypeLoc>() || t.getAs<MemberPointerTypeLoc>() || t.getAs<ArrayTypeLoc>() || t.getAs<BlockPointerTypeLoc>())
    s_.report(at, found::kPointerType);
  if (type->isDependentType()) return true;
  if (types_.raw(type)) s_.report(at, found::kPointerType, type.getAsString());
  if (types_.floating(type)) s_.report(at, found::kFloat);
  if (type.isVolatileQualified() || type.getNonReferenceType().isVolatileQualified()) s_.report(at, found::kVolatile);
  if (types_.keeps_borrows(type)) s_.report(at, found::kElement, type.getAsString());
  if (auto* r = type.getCanonicalType().getNonReferenceType()->getAsCXXRecordDecl(); r && types_.marked(r, "ostd::root") && !s_.spelled_in_root(at))
    s_.report(at, found::kRoot, r->getNameAsString());
  std_type(type, at);
  return true;
}

// A class of the standard library with state must be on the list, however it was named or deduced.
void Checker::std_type(QualType t, SourceLocation at) {
  auto* r = t.getCanonicalType().getNonReferenceType()->getAsCXXRecordDecl();
  if (r && s_.owner(r) == Origin::standard && !types_.in_std(r)) return s_.report(at, found::kForeign, r->getNameAsString());
  const llvm::StringRef name = types_.std_class(r);
  if (name.empty() || allow_std_type(name)) return;
  if (r->hasDefinition() && !r->isEmpty()) s_.report(at, found::kStd, r->getQualifiedNameAsString());
}

}  // namespace safe_profile
