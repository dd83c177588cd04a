// SPDX-License-Identifier: MPL-2.0
// What is passed to whom: lambdas and callables that borrow go only to parameters that are not kept.
#include "checker.h"

#include "clang/AST/ExprCXX.h"

namespace safe_profile {

using namespace clang;

// A closure, or ostd::FnRef: something that can be called later.
static bool callable(const CXXRecordDecl* r) {
  return r && (r->isLambda() || (r->getIdentifier() && r->getQualifiedNameAsString() == "ostd::FnRef"));
}

// The lambda below conversions to a borrowed callable, copies and temporaries.
LambdaExpr* Checker::lambda_in(Expr* e) {
  for (;;) {
    if (auto* l = dyn_cast<LambdaExpr>(e)) return l;
    if (auto* x = dyn_cast<CastExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<ParenExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<MaterializeTemporaryExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<CXXBindTemporaryExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<ExprWithCleanups>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<CXXConstructExpr>(e); x && x->getNumArgs() == 1 && types_.borrows(x->getType())) e = x->getArg(0);
    else return nullptr;
  }
}

void Checker::approve_called_lambda(Expr* e) {
  if (LambdaExpr* l = lambda_in(e)) approved_.insert(l);
}

void Checker::arguments(const FunctionDecl* callee, llvm::ArrayRef<Expr*> args, QualType result) {
  for (unsigned i = 0; i < args.size(); ++i) argument(args[i], callee, i, result);
}

void Checker::argument(Expr* e, const FunctionDecl* callee, unsigned index, QualType result) {
  if (e->isTypeDependent() || callee->getDeclContext()->isDependentContext()) return;
  auto* r = e->getType()->getAsCXXRecordDecl();
  const bool constructs = isa<CXXConstructorDecl>(callee);
  // A borrowed callable made from the argument lives no longer than the expression around it: that one decides.
  if (constructs && types_.borrows(result)) return;
  LambdaExpr* lambda = lambda_in(e);
  if (s_.owner(callee) == Origin::services) {
    if (lambda) approved_.insert(lambda);
    return;
  }
  if (!r || !types_.borrows(e->getType()) || !mine(e->getExprLoc())) return;
  const ParmVarDecl* p = index < callee->getNumParams() ? callee->getParamDecl(index) : nullptr;
  const FunctionDecl* pattern = callee->getTemplateInstantiationPattern();
  const ParmVarDecl* written = pattern && index < pattern->getNumParams() ? pattern->getParamDecl(index) : p;
  const bool deduced = callee->getPrimaryTemplate() && (!written || written->getType()->isDependentType());
  const bool kept = p && !types_.marked_parameter(p) && !(written && types_.marked_parameter(written));
  auto* target = p ? p->getType().getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
  const bool borrowed_callable = !deduced && target && !target->isLambda() && callable(target);
  if (borrowed_callable || !kept) {
    if (lambda) approved_.insert(lambda);
    return;
  }
  // Owners that take any callable (ostd::Fn), templates that do not promise to forget it.
  if (deduced && s_.owner(callee) == Origin::ostd && (constructs || callable(r))) s_.report(e->getExprLoc(), found::kEscape);
}

}  // namespace safe_profile
