// SPDX-License-Identifier: MPL-2.0
// S7 and S9: sources and lifetimes. exclusive.cpp has S8.
#include "borrow.h"

namespace safe_profile {

using namespace clang;

void BorrowCheck::run(const FunctionDecl* f) {
  Scope scope{nullptr, f};
  for (const ParmVarDecl* p : f->parameters()) declared_[p->getCanonicalDecl()] = {&scope, order_++};
  if (auto* k = dyn_cast<CXXConstructorDecl>(f))
    for (const CXXCtorInitializer* i : k->inits())
      if (i->isWritten()) walk(i->getInit(), scope);
  walk(f->getBody(), scope);
  // A parameter that was made to borrow from something else does so for the whole body.
  for (const ParmVarDecl* p : f->parameters()) {
    RootList held;
    roots_.added(p->getCanonicalDecl(), held);
    hold(held, f->getBody());
  }
  // An overrider may not borrow from more than its callers can see.
  if (auto* m = dyn_cast<CXXMethodDecl>(f); m && (f->getReturnType()->isReferenceType() || types_.borrows(f->getReturnType()))) {
    const Bound own = bound(m);
    for (const CXXMethodDecl* base : m->overridden_methods()) {
      const Bound b = bound(base);
      if (!b.any || !own.any) continue;
      bool more = own.self && !b.self;
      for (unsigned i = 0; i < own.params.size() && i < b.params.size(); ++i) more |= own.params[i] && !b.params[i];
      if (more) s_.report(f->getLocation(), found::kOverride);
    }
  }
}

void BorrowCheck::run(const Expr* initialiser) {
  Scope scope{nullptr, nullptr};
  walk(initialiser, scope);
}

void BorrowCheck::walk(const Stmt* s, const Scope& scope) {
  if (!s) return;
  if (auto* c = dyn_cast<CompoundStmt>(s)) {
    Scope inner{&scope, scope.function};
    return block({c->body_begin(), c->body_end()}, inner);
  }
  if (auto* f = dyn_cast<CXXForRangeStmt>(s)) {
    Scope inner{&scope, scope.function};
    walk(f->getInit(), inner);
    walk(f->getRangeInit(), inner);
    RootList held;
    roots_.of(f->getRangeInit(), held);
    if (auto* d = f->getRangeStmt(); d && d->isSingleDecl()) temporary(cast<VarDecl>(d->getSingleDecl()));
    // Elements of a container; a view is at its elements already.
    if (!types_.borrows(f->getRangeInit()->getType()))
      for (Root& r : held) r.path.push_back({Step::Kind::element});
    hold_before(held, f->getBody(), f->getLoopVariable()->getCanonicalDecl());
    if (f->getLoopVariable()) declared_[f->getLoopVariable()->getCanonicalDecl()] = {&inner, order_++};
    return walk(f->getBody(), inner);
  }
  // Variables of conditions and initialisers live for the whole statement.
  if (isa<IfStmt, ForStmt, WhileStmt, SwitchStmt>(s)) {
    Scope inner{&scope, scope.function};
    llvm::SmallVector<const Stmt*, 6> parts;
    if (auto* i = dyn_cast<IfStmt>(s)) {
      const Stmt* cond = i->getConditionVariableDeclStmt() ? static_cast<const Stmt*>(i->getConditionVariableDeclStmt()) : i->getCond();
      parts = {i->getInit(), cond, i->getThen(), i->getElse()};
    } else if (auto* w = dyn_cast<WhileStmt>(s)) {
      const Stmt* cond = w->getConditionVariableDeclStmt() ? static_cast<const Stmt*>(w->getConditionVariableDeclStmt()) : w->getCond();
      parts = {cond, w->getBody()};
    } else if (auto* f = dyn_cast<ForStmt>(s)) {
      const Stmt* cond = f->getConditionVariableDeclStmt() ? static_cast<const Stmt*>(f->getConditionVariableDeclStmt()) : f->getCond();
      parts = {f->getInit(), cond, f->getBody(), f->getInc()};
    } else if (auto* w = dyn_cast<SwitchStmt>(s)) {
      const Stmt* cond = w->getConditionVariableDeclStmt() ? static_cast<const Stmt*>(w->getConditionVariableDeclStmt()) : w->getCond();
      parts = {w->getInit(), cond, w->getBody()};
    }
    llvm::erase_if(parts, [](const Stmt* p) { return !p; });
    return block(parts, inner);
  }
  if (auto* l = dyn_cast<LambdaExpr>(s)) return lambda(l, scope);
  if (auto* d = dyn_cast<DeclStmt>(s)) {
    for (const Decl* x : d->decls())
      if (auto* v = dyn_cast<VarDecl>(x)) declare(v, scope);
    return;
  }
  if (auto* r = dyn_cast<ReturnStmt>(s)) returned(r, scope);
  if (auto* b = dyn_cast<BinaryOperator>(s); b && b->isAssignmentOp()) assigned(b->getLHS(), b->getRHS(), b->getOperatorLoc());
  if (auto* e = dyn_cast<Expr>(s)) call(e);
  for (const Stmt* c : s->children()) walk(c, scope);
}

static bool uses(const Stmt* s, const VarDecl* v) {
  if (!s) return false;
  if (auto* r = dyn_cast<DeclRefExpr>(s)) {
    if (r->getDecl()->getCanonicalDecl() == v) return true;
    if (auto* b = dyn_cast<BindingDecl>(r->getDecl()); b && b->getDecomposedDecl()->getCanonicalDecl() == v) return true;
  }
  // Declarations inside: their initialisers are children of the DeclStmt.
  if (auto* l = dyn_cast<LambdaExpr>(s))
    if (uses(l->getBody(), v)) return true;
  for (const Stmt* c : s->children())
    if (uses(c, v)) return true;
  return false;
}

static bool returns(const Stmt* s) {
  if (auto* c = dyn_cast<CompoundStmt>(s)) return !c->body_empty() && returns(c->body_back());
  return isa<ReturnStmt>(s);
}
// Does not go on to the next statement of a switch.
static bool leaves_block(const Stmt* s) {
  if (auto* c = dyn_cast<CompoundStmt>(s)) return !c->body_empty() && leaves_block(c->body_back());
  return isa<ReturnStmt, BreakStmt, ContinueStmt>(s);
}

void BorrowCheck::block(llvm::ArrayRef<const Stmt*> body, const Scope& scope) {
  for (const Stmt* s : body) walk(s, scope);
  // Now all later assignments to the borrows are known too.
  for (size_t i = 0; i < body.size(); ++i) {
    const Stmt* s = body[i];
    for (;;) {
      if (auto* c = dyn_cast<SwitchCase>(s)) s = c->getSubStmt();
      else if (auto* a = dyn_cast<AttributedStmt>(s)) s = a->getSubStmt();
      else break;
    }
    auto* d = dyn_cast<DeclStmt>(s);
    if (!d) continue;
    for (const Decl* x : d->decls()) {
      auto* v = dyn_cast<VarDecl>(x);
      if (!v || v->hasGlobalStorage()) continue;
      if (!v->getType()->isReferenceType() && !types_.borrows(v->getType())) continue;
      RootList held;
      roots_.of_variable(v, held);
      size_t last = i;
      for (size_t j = i + 1; j < body.size(); ++j)
        if (uses(body[j], v->getCanonicalDecl())) last = j;
      for (size_t j = i + 1; j < last; ++j) hold_before(held, body[j], v->getCanonicalDecl());
      if (last > i) hold_until(held, body[last], v->getCanonicalDecl());
    }
  }
}

// The statement with the last use of v: what comes after that use may change things again.
void BorrowCheck::hold_until(const RootList& held, const Stmt* s, const VarDecl* v) {
  if (!s) return;
  if (auto* c = dyn_cast<CompoundStmt>(s)) {
    llvm::ArrayRef<const Stmt*> body(c->body_begin(), c->body_end());
    size_t last = body.size();
    for (size_t j = 0; j < body.size(); ++j)
      if (uses(body[j], v)) last = j;
    for (size_t j = 0; j < last && last < body.size(); ++j) hold_before(held, body[j], v);
    return last < body.size() ? hold_until(held, body[last], v) : void();
  }
  if (auto* i = dyn_cast<IfStmt>(s)) {
    hold(held, i->getInit());
    hold(held, i->getConditionVariableDeclStmt());
    hold(held, i->getCond());
    for (const Stmt* part : {i->getThen(), i->getElse()})
      if (uses(part, v)) hold_until(held, part, v);
    return;
  }
  // The cases of a switch that leave it are on their own.
  if (auto* w = dyn_cast<SwitchStmt>(s); w && isa_and_nonnull<CompoundStmt>(w->getBody())) {
    hold(held, w->getInit());
    hold(held, w->getCond());
    auto* body = cast<CompoundStmt>(w->getBody());
    llvm::SmallVector<const Stmt*, 8> section;
    auto end = [&] {
      size_t last = section.size();
      for (size_t j = 0; j < section.size(); ++j)
        if (uses(section[j], v)) last = j;
      for (size_t j = 0; j < last && last < section.size(); ++j) hold_before(held, section[j], v);
      if (last < section.size()) hold_until(held, section[last], v);
      section.clear();
    };
    for (const Stmt* part : body->body()) {
      while (auto* c = dyn_cast<SwitchCase>(part)) part = c->getSubStmt();
      section.push_back(part);
      if (leaves_block(part)) end();
    }
    return end();
  }
  hold(held, s);
}

// While the borrow is alive: but a branch that returns does not come back to later uses.
void BorrowCheck::hold_before(const RootList& held, const Stmt* s, const VarDecl* v) {
  if (!s) return;
  if (auto* c = dyn_cast<CompoundStmt>(s)) {
    for (const Stmt* part : c->body()) hold_before(held, part, v);
    return;
  }
  if (auto* i = dyn_cast<IfStmt>(s)) {
    hold(held, i->getInit());
    hold(held, i->getConditionVariableDeclStmt());
    hold(held, i->getCond());
    for (const Stmt* part : {i->getThen(), i->getElse()}) {
      if (!part) continue;
      if (!returns(part)) hold_before(held, part, v);
      else if (v && uses(part, v)) hold_until(held, part, v);
    }
    return;
  }
  hold(held, s);
}

void BorrowCheck::declare(const VarDecl* v, const Scope& scope) {
  declared_[v->getCanonicalDecl()] = {&scope, order_++};
  if (!v->getInit()) return;
  walk(v->getInit(), scope);
  if (v->getType()->isReferenceType() || types_.borrows(v->getType())) temporary(v);
}

void BorrowCheck::temporary(const VarDecl* v) {
  RootList r;
  if (v->getInit()) roots_.of(v->getInit(), r);
  for (const Root& x : r)
    if (x.kind == Root::Kind::temporary && mine(v->getLocation()))
      return s_.report(v->getLocation(), found::kTemporary, v->isImplicit() ? std::string("range") : v->getNameAsString());
}

void BorrowCheck::lambda(const LambdaExpr* l, const Scope& scope) {
  for (unsigned i = 0; i < l->capture_size(); ++i) {
    const LambdaCapture& c = *(l->capture_begin() + i);
    if (c.capturesVariable() && l->isInitCapture(&c)) declare(cast<VarDecl>(c.getCapturedVar()), scope);
  }
  for (const FunctionDecl* f : bodies(l->getLambdaClass())) {
    if (f->isDependentContext() || !f->getBody()) continue;
    Scope inner{&scope, f};
    for (const ParmVarDecl* p : f->parameters()) declared_[p->getCanonicalDecl()] = {&inner, order_++};
    walk(f->getBody(), inner);
    for (const ParmVarDecl* p : f->parameters()) {
      RootList held;
      roots_.added(p->getCanonicalDecl(), held);
      hold(held, f->getBody());
    }
  }
}

void BorrowCheck::returned(const ReturnStmt* r, const Scope& scope) {
  const Expr* e = r->getRetValue();
  const FunctionDecl* f = scope.function;
  if (!e || !f || !mine(r->getReturnLoc())) return;
  if (!f->getReturnType()->isReferenceType() && !types_.borrows(f->getReturnType())) return;
  auto* method = dyn_cast<CXXMethodDecl>(f);
  const bool is_lambda = method && method->getParent()->isLambda();
  const bool assigns = method && (method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator());
  const Bound b = bound(f);
  RootList list;
  roots_.of(e, list);
  for (const Root& x : list) {
    switch (x.kind) {
      case Root::Kind::fixed: break;
      case Root::Kind::temporary: s_.report(r->getReturnLoc(), found::kReturn); break;
      case Root::Kind::local: {
        // A lambda may give back what it captured by reference: that is alive as long as the lambda.
        const bool outer = is_lambda && x.var->getDeclContext() != f && x.var->getParentFunctionOrMethod() != f && !x.var->isInitCapture();
        if (!outer) s_.report(r->getReturnLoc(), found::kReturn);
        break;
      }
      case Root::Kind::self:
        if (!is_lambda && !b.self && !assigns) s_.report(r->getReturnLoc(), found::kUnbound);
        break;
      case Root::Kind::param:
        if (x.var->getDeclContext() != f) {
          if (!is_lambda) s_.report(r->getReturnLoc(), found::kReturn);
        } else if (is_lambda && given_to_ostd_.contains(method->getParent())) {
          s_.report(r->getReturnLoc(), found::kLambdaReturn);
        } else if (!is_lambda) {
          const unsigned i = cast<ParmVarDecl>(x.var)->getFunctionScopeIndex();
          if (i >= b.params.size() || !b.params[i]) s_.report(r->getReturnLoc(), found::kUnbound, x.var->getNameAsString());
        }
    }
  }
}

bool BorrowCheck::outlives(const Root& r, const VarDecl* holder) {
  if (r.kind == Root::Kind::fixed || r.kind == Root::Kind::self) return true;
  if (r.kind == Root::Kind::temporary) return false;
  auto a = declared_.find(r.var->getCanonicalDecl());
  auto b = declared_.find(holder->getCanonicalDecl());
  if (a == declared_.end() || b == declared_.end()) return false;
  for (const Scope* s = b->second.first; s; s = s->outer)
    if (s == a->second.first) return r.kind == Root::Kind::param || s != b->second.first || a->second.second < b->second.second;
  return false;
}

// `to = from` where both are borrows: `to` must not outlive the sources of `from`.
void BorrowCheck::assigned(const Expr* to, const Expr* from, SourceLocation at) {
  if (!types_.borrows(to->getType())) return;
  RootList sources;
  roots_.of(from, sources);
  const Expr* e = to->IgnoreParenImpCasts();
  while (auto* m = dyn_cast<MemberExpr>(e)) e = m->getBase()->IgnoreParenImpCasts();
  auto* ref = dyn_cast<DeclRefExpr>(e);
  auto* v = ref ? dyn_cast<VarDecl>(ref->getDecl()) : nullptr;
  // Through a reference it cannot be seen how long the target lives.
  const bool local = v && !v->getType()->isReferenceType();
  for (const Root& r : sources) {
    if (r.kind == Root::Kind::fixed) continue;
    // `s = s.subspan(1)` through any reference changes nothing about lifetimes.
    if (v && r.kind == Root::Kind::param && r.var == v->getCanonicalDecl()) continue;
    if (!local || !outlives(r, v)) {
      if (mine(at)) s_.report(at, found::kReseat);
      return;
    }
  }
  if (local) roots_.also(v->getCanonicalDecl(), sources);
}

}  // namespace safe_profile
