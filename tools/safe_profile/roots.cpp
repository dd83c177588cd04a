// SPDX-License-Identifier: MPL-2.0
#include "roots.h"

#include "allow.h"

#include "clang/AST/Attr.h"

namespace safe_profile {

using namespace clang;

static bool self_bound(const FunctionDecl* f) {
  TypeSourceInfo* info = f->getTypeSourceInfo();
  if (!info) return false;
  TypeLoc t = info->getTypeLoc();
  for (auto a = t.getAsAdjusted<AttributedTypeLoc>(); a; a = t.getAsAdjusted<AttributedTypeLoc>()) {
    if (a.getAttrAs<LifetimeBoundAttr>()) return true;
    t = a.getModifiedLoc();
  }
  return false;
}

Bound bound(const FunctionDecl* f) {
  Bound b;
  const FunctionDecl* pattern = f->getTemplateInstantiationPattern();
  for (const FunctionDecl* d : f->redecls()) b.self |= self_bound(d);
  if (pattern)
    for (const FunctionDecl* d : pattern->redecls()) b.self |= self_bound(d);
  b.params.resize(f->getNumParams());
  for (const FunctionDecl* d : f->redecls())
    for (unsigned i = 0; i < d->getNumParams() && i < b.params.size(); ++i) b.params[i] |= d->getParamDecl(i)->hasAttr<LifetimeBoundAttr>();
  b.any = b.self || llvm::is_contained(b.params, true);
  return b;
}

void Roots::of_variable(const VarDecl* v, RootList& out, unsigned level) {
  v = v->getCanonicalDecl();
  if (v->hasGlobalStorage()) return out.push_back({Root::Kind::fixed});
  const bool borrow = v->getType()->isReferenceType() || types_.borrows(v->getType());
  if (!borrow) return out.push_back({Root::Kind::local, v});
  if (isa<ParmVarDecl>(v)) out.push_back({Root::Kind::param, v});
  else if (v->getInit()) of(v->getInit(), out, level + 1);
  added(v, out);
}

void Roots::of_lambda(const LambdaExpr* l, RootList& out, unsigned level) {
  for (const LambdaCapture& c : l->captures()) {
    if (c.capturesThis()) out.push_back({Root::Kind::self});
    else if (c.capturesVariable())
      if (auto* v = dyn_cast<VarDecl>(c.getCapturedVar()); v && (c.getCaptureKind() == LCK_ByRef || types_.borrows(v->getType())))
        of_variable(v, out, level + 1);
  }
}

// std::move and its like give back their argument itself.
static bool identity(const FunctionDecl* f) {
  if (!f || !f->getIdentifier() || !f->isInStdNamespace() || f->getNumParams() != 1) return false;
  const llvm::StringRef n = f->getName();
  return n == "move" || n == "forward" || n == "as_const" || n == "forward_like";
}

// A service function that only returns an expression: what that expression borrows from, with the arguments in place.
bool Roots::of_inlined(const CallExpr* c, const FunctionDecl* f, RootList& out, unsigned level) {
  const FunctionDecl* d = nullptr;
  if (level > 60 || !f->hasBody(d) || d->isDependentContext() || s_.owner(d) != Origin::services) return false;
  auto* m = dyn_cast<CXXMethodDecl>(d);
  if (m && m->isVirtual() && !m->hasAttr<FinalAttr>() && !m->getParent()->isEffectivelyFinal()) return false;
  if (m && m->getParent()->isLambda()) return false;
  auto* body = dyn_cast<CompoundStmt>(d->getBody());
  auto* only = body && body->size() == 1 ? dyn_cast<ReturnStmt>(body->body_front()) : nullptr;
  if (!only || !only->getRetValue()) return false;
  const Expr* object = nullptr;
  unsigned first = 0;
  if (auto* call = dyn_cast<CXXMemberCallExpr>(c)) object = call->getImplicitObjectArgument();
  else if (m && isa<CXXOperatorCallExpr>(c) && m->isImplicitObjectMemberFunction()) object = c->getArg(first++);
  RootList inner;
  of(only->getRetValue(), inner, level + 20);
  for (const Root& r : inner) {
    const Expr* from = nullptr;
    if (r.kind == Root::Kind::self) from = object;
    else if (r.kind == Root::Kind::param && r.var->getDeclContext() == d) {
      const unsigned i = first + cast<ParmVarDecl>(r.var)->getFunctionScopeIndex();
      from = i < c->getNumArgs() ? c->getArg(i) : nullptr;
    } else {
      out.push_back(r);
      continue;
    }
    if (!from) return false;
    RootList outer;
    of(from, outer, level + 1);
    for (Root& o : outer) {
      o.path.append(r.path.begin(), r.path.end());
      out.push_back(std::move(o));
    }
  }
  return true;
}

void Roots::of_call(const CallExpr* c, RootList& out, unsigned level) {
  if (!is_borrow(c)) return;  // a fresh value
  auto* f = dyn_cast_or_null<FunctionDecl>(c->getCalleeDecl());
  if (f && of_inlined(c, f, out, level)) return;
  const Bound b = f ? bound(f) : Bound{};
  const bool accessor = f && isa<CXXMethodDecl>(f) && s_.owner(f) == Origin::ostd && allow::accessor(f->getNameAsString());
  auto from = [&](const Expr* a) {
    RootList found;
    of(a, found, level + 1);
    // A view is already at its elements; std::move goes nowhere.
    const bool hop = !identity(f) && !types_.borrows(a->getType()->isPointerType() ? a->getType()->getPointeeType() : a->getType());
    for (Root& r : found) {
      if (hop) r.path.push_back({accessor ? Step::Kind::element : Step::Kind::call});
      out.push_back(std::move(r));
    }
  };
  unsigned first = 0;
  if (auto* m = dyn_cast<CXXMemberCallExpr>(c)) {
    if (!b.any || b.self) from(m->getImplicitObjectArgument());
  } else if (auto* m = dyn_cast_or_null<CXXMethodDecl>(f); m && isa<CXXOperatorCallExpr>(c) && m->isImplicitObjectMemberFunction()) {
    first = 1;
    if (!b.any || b.self) from(c->getArg(0));
  }
  for (unsigned i = first; i < c->getNumArgs(); ++i) {
    const unsigned p = i - first;
    if (b.any && (p >= b.params.size() || !b.params[p])) continue;
    if (is_borrow(c->getArg(i))) from(c->getArg(i));
  }
}

void Roots::of(const Expr* e, RootList& out, unsigned level) {
  if (!e || level > 200) return;
  e = e->IgnoreParens();
  if (auto* x = dyn_cast<ExprWithCleanups>(e)) return of(x->getSubExpr(), out, level + 1);
  if (auto* x = dyn_cast<ConstantExpr>(e)) return of(x->getSubExpr(), out, level + 1);
  if (auto* x = dyn_cast<CXXBindTemporaryExpr>(e)) return of(x->getSubExpr(), out, level + 1);
  if (auto* x = dyn_cast<SubstNonTypeTemplateParmExpr>(e)) return of(x->getReplacement(), out, level + 1);
  if (auto* x = dyn_cast<CXXDefaultArgExpr>(e)) return of(x->getExpr(), out, level + 1);
  if (auto* x = dyn_cast<OpaqueValueExpr>(e)) return of(x->getSourceExpr(), out, level + 1);
  if (auto* x = dyn_cast<MaterializeTemporaryExpr>(e)) {
    // A temporary view is as good as what it views.
    if (types_.borrows(x->getSubExpr()->getType())) return of(x->getSubExpr(), out, level + 1);
    if (x->getStorageDuration() == SD_FullExpression) return out.push_back({Root::Kind::temporary});
    auto* v = dyn_cast_or_null<VarDecl>(x->getExtendingDecl());
    return out.push_back(v && !v->hasGlobalStorage() ? Root{Root::Kind::local, v} : Root{Root::Kind::fixed});
  }
  if (auto* x = dyn_cast<CastExpr>(e)) return of(x->getSubExpr(), out, level + 1);
  if (isa<CXXThisExpr>(e)) return out.push_back({Root::Kind::self});
  if (isa<StringLiteral>(e)) return out.push_back({Root::Kind::fixed});
  if (auto* x = dyn_cast<DeclRefExpr>(e)) {
    if (auto* v = dyn_cast<VarDecl>(x->getDecl())) return of_variable(v, out, level);
    if (auto* b = dyn_cast<BindingDecl>(x->getDecl()))
      if (auto* v = dyn_cast<VarDecl>(b->getDecomposedDecl())) return of_variable(v, out, level);
    return out.push_back({Root::Kind::fixed});
  }
  if (auto* x = dyn_cast<UnaryOperator>(e)) return of(x->getSubExpr(), out, level + 1);
  if (auto* x = dyn_cast<ConditionalOperator>(e)) {
    of(x->getTrueExpr(), out, level + 1);
    return of(x->getFalseExpr(), out, level + 1);
  }
  if (auto* x = dyn_cast<BinaryOperator>(e)) return of(x->getOpcode() == BO_Comma ? x->getRHS() : x->getLHS(), out, level + 1);
  if (auto* x = dyn_cast<MemberExpr>(e)) {
    auto* field = dyn_cast<FieldDecl>(x->getMemberDecl());
    if (!field) return out.push_back({Root::Kind::fixed});
    RootList base;
    of(x->getBase(), base, level + 1);
    for (Root& r : base) {
      r.path.push_back({Step::Kind::field, field->getCanonicalDecl()});
      out.push_back(std::move(r));
    }
    return;
  }
  if (auto* x = dyn_cast<LambdaExpr>(e)) return of_lambda(x, out, level + 1);
  if (auto* x = dyn_cast<CallExpr>(e)) return of_call(x, out, level + 1);
  if (auto* x = dyn_cast<CXXConstructExpr>(e)) {
    if (types_.borrows(x->getType()))
      for (const Expr* a : x->arguments()) {
        if (!is_borrow(a)) continue;
        RootList from;
        of(a, from, level + 1);
        // A view made of an owner (CapRef of Cap, span of Vec) is of what it owns.
        auto* r = types_.borrows(a->getType()) ? nullptr : a->getType()->getAsCXXRecordDecl();
        const bool hop = r && !r->isLambda() && r->hasDefinition() && !r->hasTrivialDestructor();
        for (Root& f : from) {
          if (hop) f.path.push_back({Step::Kind::call});
          out.push_back(std::move(f));
        }
      }
    return;
  }
  if (auto* x = dyn_cast<CXXStdInitializerListExpr>(e)) {
    auto* m = dyn_cast<MaterializeTemporaryExpr>(x->getSubExpr());
    auto* v = m ? dyn_cast_or_null<VarDecl>(m->getExtendingDecl()) : nullptr;
    return out.push_back(v ? Root{Root::Kind::local, v} : Root{Root::Kind::temporary});
  }
  if (auto* x = dyn_cast<InitListExpr>(e)) {
    if (types_.borrows(x->getType()) || x->isGLValue())
      for (const Expr* i : x->inits()) of(i, out, level + 1);
    return;
  }
  if (auto* x = dyn_cast<CXXParenListInitExpr>(e)) {
    if (types_.borrows(x->getType()))
      for (const Expr* i : x->getInitExprs()) of(i, out, level + 1);
    return;
  }
  if (auto* x = dyn_cast<StmtExpr>(e)) {  // TRY
    if (auto* last = dyn_cast_or_null<Expr>(x->getSubStmt()->body_empty() ? nullptr : x->getSubStmt()->body_back()); last && is_borrow(e))
      of(last, out, level + 1);
  }
}

}  // namespace safe_profile
