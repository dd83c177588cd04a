// SPDX-License-Identifier: MPL-2.0
// Expressions and statements: kinds, casts, pointers, calls, range-for.
#include "checker.h"

#include "clang/AST/ExprConcepts.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

namespace safe_profile {

using namespace clang;

SourceLocation Checker::place(const Stmt* s) {
  if (auto* e = dyn_cast<Expr>(s)) return e->getExprLoc();
  return s->getBeginLoc();
}

bool Checker::allowed_kind(const Stmt* s) {
  switch (s->getStmtClass()) {
    // statements
    case Stmt::CompoundStmtClass: case Stmt::DeclStmtClass: case Stmt::NullStmtClass: case Stmt::ReturnStmtClass:
    case Stmt::IfStmtClass: case Stmt::SwitchStmtClass: case Stmt::CaseStmtClass: case Stmt::DefaultStmtClass:
    case Stmt::ForStmtClass: case Stmt::WhileStmtClass: case Stmt::DoStmtClass: case Stmt::CXXForRangeStmtClass:
    case Stmt::BreakStmtClass: case Stmt::ContinueStmtClass: case Stmt::AttributedStmtClass:
    // values
    case Stmt::IntegerLiteralClass: case Stmt::CharacterLiteralClass: case Stmt::StringLiteralClass:
    case Stmt::CXXBoolLiteralExprClass: case Stmt::UserDefinedLiteralClass: case Stmt::DeclRefExprClass: case Stmt::MemberExprClass:
    case Stmt::CXXThisExprClass: case Stmt::LambdaExprClass: case Stmt::UnaryExprOrTypeTraitExprClass: case Stmt::SizeOfPackExprClass:
    case Stmt::CXXNoexceptExprClass: case Stmt::RequiresExprClass: case Stmt::ConceptSpecializationExprClass:
    // operators and calls
    case Stmt::ParenExprClass: case Stmt::UnaryOperatorClass: case Stmt::BinaryOperatorClass: case Stmt::CompoundAssignOperatorClass:
    case Stmt::ConditionalOperatorClass: case Stmt::CXXRewrittenBinaryOperatorClass: case Stmt::CXXFoldExprClass:
    case Stmt::CallExprClass: case Stmt::CXXMemberCallExprClass: case Stmt::CXXOperatorCallExprClass:
    case Stmt::CStyleCastExprClass: case Stmt::CXXFunctionalCastExprClass: case Stmt::CXXStaticCastExprClass:
    // construction
    case Stmt::CXXConstructExprClass: case Stmt::CXXTemporaryObjectExprClass: case Stmt::CXXInheritedCtorInitExprClass:
    case Stmt::InitListExprClass: case Stmt::DesignatedInitExprClass: case Stmt::CXXParenListInitExprClass: case Stmt::ParenListExprClass:
    case Stmt::CXXScalarValueInitExprClass: case Stmt::ImplicitValueInitExprClass: case Stmt::NoInitExprClass:
    case Stmt::CXXStdInitializerListExprClass:
    // what clang adds
    case Stmt::ImplicitCastExprClass: case Stmt::MaterializeTemporaryExprClass: case Stmt::CXXBindTemporaryExprClass:
    case Stmt::ExprWithCleanupsClass: case Stmt::ConstantExprClass: case Stmt::CXXDefaultArgExprClass: case Stmt::CXXDefaultInitExprClass:
    case Stmt::SubstNonTypeTemplateParmExprClass: case Stmt::SubstNonTypeTemplateParmPackExprClass: case Stmt::FunctionParmPackExprClass:
    case Stmt::PackExpansionExprClass: case Stmt::OpaqueValueExprClass: case Stmt::RecoveryExprClass:
    // templates before instantiation
    case Stmt::UnresolvedLookupExprClass: case Stmt::UnresolvedMemberExprClass: case Stmt::DependentScopeDeclRefExprClass:
    case Stmt::CXXDependentScopeMemberExprClass: case Stmt::CXXUnresolvedConstructExprClass:
      return true;
    // In a template before instantiation it may be an operator of a class; the instantiation is checked.
    case Stmt::ArraySubscriptExprClass: return cast<Expr>(s)->isTypeDependent();
    default: return false;
  }
}

static Expr* wrapped(Expr* e) {
  if (auto* x = dyn_cast<ImplicitCastExpr>(e)) return x->getSubExpr();
  if (auto* x = dyn_cast<ParenExpr>(e)) return x->getSubExpr();
  if (auto* x = dyn_cast<MaterializeTemporaryExpr>(e)) return x->getSubExpr();
  if (auto* x = dyn_cast<CXXBindTemporaryExpr>(e)) return x->getSubExpr();
  if (auto* x = dyn_cast<ExprWithCleanups>(e)) return x->getSubExpr();
  return nullptr;
}

// `this` may be used for member access and `*this` only; likewise the pointer that an overloaded -> of ostd returns.
void Checker::approve_this(Expr* e) {
  llvm::SmallVector<Expr*, 4> chain;
  for (Expr* x = e; x; x = wrapped(x)) {
    chain.push_back(x);
    auto* arrow = dyn_cast<CXXOperatorCallExpr>(x);
    if (isa<CXXThisExpr>(x) || (arrow && arrow->getOperator() == OO_Arrow)) {
      for (Expr* c : chain) approved_.insert(c);
      return;
    }
  }
}

// A string literal or a choice of several, perhaps decayed; `chain` gets the nodes on the way.
static bool literal(Expr* e, llvm::SmallVectorImpl<Expr*>& chain) {
  chain.push_back(e);
  if (isa<StringLiteral>(e)) return true;
  if (auto* p = dyn_cast<ParenExpr>(e)) return literal(p->getSubExpr(), chain);
  if (auto* c = dyn_cast<ImplicitCastExpr>(e))
    return (c->getCastKind() == CK_NoOp || c->getCastKind() == CK_ArrayToPointerDecay) && literal(c->getSubExpr(), chain);
  if (auto* c = dyn_cast<ConditionalOperator>(e)) return literal(c->getTrueExpr(), chain) && literal(c->getFalseExpr(), chain);
  return false;
}

// String literals may decay as the argument of a constructor of std::string_view or of a function of ostd.
void Checker::approve_literals(Expr* e) {
  llvm::SmallVector<Expr*, 4> chain;
  if (literal(e, chain)) approved_.insert(chain.begin(), chain.end());
}

void Checker::approve_children(Stmt* s) {
  if (auto* m = dyn_cast<MemberExpr>(s)) {
    if (m->isArrow()) approve_this(m->getBase());
  } else if (auto* m = dyn_cast<CXXDependentScopeMemberExpr>(s)) {
    if (!m->isImplicitAccess() && m->isArrow()) approve_this(m->getBase());
  } else if (auto* m = dyn_cast<UnresolvedMemberExpr>(s)) {
    if (!m->isImplicitAccess() && m->isArrow()) approve_this(m->getBase());
  } else if (auto* u = dyn_cast<UnaryOperator>(s)) {
    if (u->getOpcode() == UO_Deref && isa<CXXThisExpr>(u->getSubExpr()->IgnoreParens())) {
      approve_this(u->getSubExpr());
      approved_.insert(u);
    }
  } else if (auto* c = dyn_cast<CXXConstructExpr>(s)) {
    const CXXConstructorDecl* k = c->getConstructor();
    const llvm::StringRef name = types_.std_class(k->getParent());
    const bool view = name == "basic_string_view" && c->getNumArgs() == 1;
    // The literal 0 that an ordering is compared with.
    if (name == "_CmpUnspecifiedParam")
      for (Expr* a : c->arguments()) approved_.insert(a);
    if (view || s_.owner(k) == Origin::ostd)
      for (Expr* a : c->arguments()) approve_literals(a);
    arguments(k, {c->getArgs(), c->getNumArgs()}, c->getType());
  } else if (auto* c = dyn_cast<CallExpr>(s)) {
    approved_.insert(c->getCallee());
    approved_.insert(c->getCallee()->IgnoreParens());
    // Also a call written in the body of one of ostd's macros, or a literal operator.
    if (!mine(place(c)) || isa<UserDefinedLiteral>(c) || (c->getCalleeDecl() && s_.owner(c->getCalleeDecl()) == Origin::ostd))
      for (Expr* a : c->arguments()) approve_literals(a);
    if (auto* f = dyn_cast_or_null<FunctionDecl>(c->getCalleeDecl())) {
      // starts_with("x"), find("x", at); not the overloads that also take a length.
      if (auto* m = dyn_cast<CXXMethodDecl>(f); m && types_.std_class(m->getParent()) == "basic_string_view" && m->getNumParams() <= 2)
        for (Expr* a : c->arguments()) approve_literals(a);
      llvm::ArrayRef<Expr*> args(c->getArgs(), c->getNumArgs());
      if (isa<CXXOperatorCallExpr>(c) && isa<CXXMethodDecl>(f) && !args.empty() && cast<CXXMethodDecl>(f)->isImplicitObjectMemberFunction()) {
        approve_called_lambda(args[0]);
        args = args.drop_front();
      }
      arguments(f, args, c->getType());
    }
  } else if (auto* l = dyn_cast<CXXStdInitializerListExpr>(s)) {
    for (Expr* x = l->getSubExpr(); x; x = wrapped(x)) {
      approved_.insert(x);
      if (auto* list = dyn_cast<InitListExpr>(x); list && list->getSyntacticForm()) approved_.insert(list->getSyntacticForm());
    }
  } else if (auto* l = dyn_cast<InitListExpr>(s)) {
    // Braces around the elements of ostd::Array.
    auto* r = l->getType()->getAsCXXRecordDecl();
    if (r && s_.owner(r) == Origin::ostd)
      for (Expr* i : l->inits())
        if (isa_and_nonnull<InitListExpr, ImplicitValueInitExpr>(i)) {
          approved_.insert(i);
          if (auto* list = dyn_cast<InitListExpr>(i); list && list->getSyntacticForm()) approved_.insert(list->getSyntacticForm());
        }
  } else if (auto* l = dyn_cast<LambdaExpr>(s)) {
    for (Expr* init : l->capture_inits())
      if (init) approve_this(init);
  }
}

void Checker::expression(Expr* e) {
  if (!e->isTypeDependent() && !e->getType().isNull()) {
    const QualType t = e->getType();
    // Default arguments and initialisers are checked where they are written.
    const bool elsewhere = isa<StringLiteral, CXXDefaultArgExpr, CXXDefaultInitExpr>(e);
    if (types_.raw(t) && !approved_.contains(e) && !elsewhere) {
      const bool null = t->isNullPtrType();
      s_.report(e->getExprLoc(), null ? found::kNull : t->isArrayType() ? found::kArray : found::kPointer, t.getAsString());
    }
    if (types_.floating(t)) s_.report(e->getExprLoc(), found::kFloat);
    if (types_.keeps_borrows(t)) s_.report(e->getExprLoc(), found::kElement, t.getAsString());
    std_type(t, e->getExprLoc());
  }
  if (auto* c = dyn_cast<CastExpr>(e)) cast(c);
  else if (auto* c = dyn_cast<CallExpr>(e)) call(c);
  else if (auto* r = dyn_cast<DeclRefExpr>(e)) use(r->getDecl(), r->getLocation());
  else if (auto* m = dyn_cast<MemberExpr>(e)) use(m->getMemberDecl(), m->getMemberLoc());
  else if (auto* c = dyn_cast<CXXConstructExpr>(e)) use(c->getConstructor(), c->getLocation());
  else if (auto* c = dyn_cast<CXXInheritedCtorInitExpr>(e)) use(c->getConstructor(), c->getLocation());
  else if (auto* l = dyn_cast<LambdaExpr>(e)) {
    if (types_.borrows(a_.getRecordType(l->getLambdaClass())) && !approved_.contains(l)) s_.report(l->getBeginLoc(), found::kCapture);
    if (!l->getCallOperator()->getReturnType()->isVoidType()) falls_off(l->getBody());
  } else if (auto* w = dyn_cast<CXXRewrittenBinaryOperator>(e)) {
    if (!w->isTypeDependent())
      if (auto* c = dyn_cast<CXXOperatorCallExpr>(w->getDecomposedForm().InnerBinOp->IgnoreImplicit()))
        use(dyn_cast_or_null<NamedDecl>(c->getCalleeDecl()), w->getExprLoc());
  } else if (auto* u = dyn_cast<UnaryOperator>(e)) {
    switch (u->getOpcode()) {
      case UO_PostInc: case UO_PostDec: case UO_PreInc: case UO_PreDec: case UO_Plus: case UO_Minus: case UO_Not: case UO_LNot: break;
      case UO_Deref:
        if (u->isTypeDependent() || approved_.contains(u)) break;
        [[fallthrough]];
      default: s_.report(u->getOperatorLoc(), found::kOperator);
    }
  } else if (auto* b = dyn_cast<BinaryOperator>(e)) {
    if (b->isPtrMemOp()) s_.report(b->getOperatorLoc(), found::kOperator);
  }
}

void Checker::cast(CastExpr* e) {
  const SourceLocation at = e->getExprLoc();
  switch (e->getCastKind()) {
    case CK_Dependent: case CK_NoOp: case CK_LValueToRValue: case CK_IntegralCast: case CK_IntegralToBoolean:
    case CK_BooleanToSignedIntegral: case CK_ConstructorConversion: case CK_UserDefinedConversion: case CK_DerivedToBase:
    case CK_UncheckedDerivedToBase: case CK_ToVoid:
      break;
    case CK_FunctionToPointerDecay: case CK_ArrayToPointerDecay: case CK_NullToPointer: case CK_PointerToBoolean:
      break;  // the type check has seen it
    case CK_BaseToDerived: case CK_Dynamic: s_.report(at, found::kDownCast); break;
    case CK_IntegralToFloating: case CK_FloatingToIntegral: case CK_FloatingCast: case CK_FloatingToBoolean:
      s_.report(at, found::kFloat);
      break;
    case CK_BuiltinFnToFnPtr: case CK_NullToMemberPointer:
      if (approved_.contains(e)) break;
      [[fallthrough]];
    default: s_.report(at, found::kCast, e->getCastKindName());
  }
  if (isa<CStyleCastExpr>(e) && !e->getType()->isVoidType()) s_.report(e->getBeginLoc(), found::kCast, "C style");
  // T(x) is a C-style cast: with a reference type it could drop const.
  if (auto* f = dyn_cast<CXXFunctionalCastExpr>(e); f && f->getTypeAsWritten()->isReferenceType())
    s_.report(e->getBeginLoc(), found::kCast, "to a reference");
}

void Checker::call(CallExpr* e) {
  auto* f = dyn_cast_or_null<FunctionDecl>(e->getCalleeDecl());
  if (!f) return;
  if (isa<CXXDestructorDecl>(f)) s_.report(e->getExprLoc(), found::kDestroy);
  if (f->isVariadic()) s_.report(e->getExprLoc(), found::kVariadic);
}

void Checker::range(CXXForRangeStmt* f) {
  const Expr* e = f->getRangeInit();
  if (!e || e->isTypeDependent()) return;
  auto* r = e->getType().getCanonicalType().getNonReferenceType()->getAsCXXRecordDecl();
  if (!r) return s_.report(f->getColonLoc(), found::kRange, e->getType().getAsString());
  const llvm::StringRef name = types_.std_class(r);
  if (name == "span" || name == "basic_string_view" || name == "initializer_list" || s_.owner(r) == Origin::ostd) return;
  s_.report(f->getColonLoc(), found::kRange, e->getType().getAsString());
}

}  // namespace safe_profile
