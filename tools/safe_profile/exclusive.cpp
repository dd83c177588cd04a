// SPDX-License-Identifier: MPL-2.0
// S8: while a borrow is alive, what owns its target does not change.
#include "allow.h"
#include "borrow.h"

#include "clang/AST/ExprCXX.h"

namespace safe_profile {

using namespace clang;

// Can changing an object of this type free or move something? Not if it is made of plain values only.
bool BorrowCheck::owning(QualType t) {
  t = t.getCanonicalType().getNonReferenceType();
  if (t->isPointerType()) t = t->getPointeeType();  // of `this`
  auto* r = t->getAsCXXRecordDecl();
  if (!r || !r->hasDefinition() || types_.borrows(t)) return false;
  return !r->hasTrivialDestructor() || r->isPolymorphic();
}

bool BorrowCheck::stable(const CXXMethodDecl* m) {
  if (m->isConst() || m->isStatic() || types_.marked(m, "ostd::stable")) return true;
  if (s_.owner(m) == Origin::services) return !m->isVirtual() && leaves(m, nullptr);
  return allow::accessor(m->getNameAsString());
}

bool BorrowCheck::leaves(const FunctionDecl* f, const ParmVarDecl* p) {
  const FunctionDecl* d = nullptr;
  if (!f->hasBody(d) || d->isDependentContext() || s_.owner(d) != Origin::services) return false;
  if (p) p = d->getParamDecl(p->getFunctionScopeIndex());
  auto [it, fresh] = leaves_.insert({{d, p}, false});
  if (!fresh || looking_ > 8) return it->second;  // no while it is being looked at
  ++looking_;
  Changes list;
  inner_changes(d->getBody(), list);
  --looking_;
  const bool result = llvm::none_of(list, [&](const auto& c) {
    return p ? c.first.kind == Root::Kind::param && c.first.var == p->getCanonicalDecl() : c.first.kind == Root::Kind::self;
  });
  return leaves_[{d, p}] = result;
}

void BorrowCheck::inner_changes(const Stmt* s, Changes& out) {
  if (!s) return;
  changes(s, out);
  if (auto* l = dyn_cast<LambdaExpr>(s)) {
    for (const FunctionDecl* f : bodies(l->getLambdaClass())) inner_changes(f->getBody(), out);
    return;
  }
  for (const Stmt* c : s->children()) inner_changes(c, out);
}

void BorrowCheck::changes(const Stmt* s, Changes& out) {
  auto add = [&](const Expr* e) {
    if (!owning(e->getType())) return;
    RootList r;
    roots_.of(e, r);
    for (Root& x : r) out.push_back({std::move(x), e});
  };
  if (auto* k = dyn_cast<CXXConstructExpr>(s)) {
    const CXXConstructorDecl* c = k->getConstructor();
    for (unsigned i = 0; i < k->getNumArgs() && i < c->getNumParams(); ++i) {
      const QualType t = c->getParamDecl(i)->getType();
      if (t->isReferenceType() && !t->getPointeeType().isConstQualified() && !types_.borrows(k->getType())) add(k->getArg(i));
    }
    return;
  }
  auto* c = dyn_cast<CallExpr>(s);
  auto* f = c ? dyn_cast_or_null<FunctionDecl>(c->getCalleeDecl()) : nullptr;
  if (!f) return;
  unsigned first = 0;
  if (auto* m = dyn_cast<CXXMemberCallExpr>(c)) {
    if (!stable(cast<CXXMethodDecl>(f))) add(m->getImplicitObjectArgument());
  } else if (auto* m = dyn_cast<CXXMethodDecl>(f); m && isa<CXXOperatorCallExpr>(c) && m->isImplicitObjectMemberFunction()) {
    first = 1;
    if (!stable(m)) add(c->getArg(0));
  }
  // std::move changes nothing by itself: the constructor or function that takes its result does.
  if (f->isInStdNamespace() && f->getIdentifier() && (f->getName() == "move" || f->getName() == "forward" || f->getName() == "as_const")) return;
  for (unsigned i = first; i < c->getNumArgs() && i - first < f->getNumParams(); ++i) {
    const QualType t = f->getParamDecl(i - first)->getType();
    if (!t->isReferenceType() || t->getPointeeType().isConstQualified()) continue;
    auto* m = dyn_cast<CXXMethodDecl>(f);
    if (s_.owner(f) == Origin::services && !(m && m->isVirtual()) && leaves(f, f->getParamDecl(i - first))) continue;
    add(c->getArg(i));
  }
}

void BorrowCheck::all_changes(const Stmt* s, Changes& out) {
  if (!s || isa<LambdaExpr>(s)) return;
  changes(s, out);
  for (const Stmt* c : s->children()) all_changes(c, out);
}

// The change of an owner ends a borrow of what it owns: same variable, one path inside the other, and the borrow goes
// through one owner more. What a call of an unknown function reaches may be near (the change) or far (the borrow).
bool BorrowCheck::invalidates(const Root& change, const Root& borrow) {
  if (change.kind != borrow.kind || change.var != borrow.var || change.kind == Root::Kind::fixed || change.kind == Root::Kind::temporary)
    return false;
  for (size_t i = 0; i < std::min(change.path.size(), borrow.path.size()); ++i) {
    const Step a = change.path[i], b = borrow.path[i];
    if (a.kind != b.kind || a.kind == Step::Kind::call) break;
    if (a.field != b.field) return false;
  }
  auto hops = [](const Root& r, bool far) {
    return llvm::count_if(r.path, [far](Step s) { return s.kind == Step::Kind::element || (far && s.kind == Step::Kind::call); });
  };
  return hops(change, false) < hops(borrow, true);
}

llvm::SmallVector<const FunctionDecl*, 2> BorrowCheck::bodies(const CXXRecordDecl* closure) {
  llvm::SmallVector<const FunctionDecl*, 2> out;
  const CXXMethodDecl* m = closure->getLambdaCallOperator();
  if (!m) return out;
  if (FunctionTemplateDecl* t = m->getDescribedFunctionTemplate()) out.append(t->spec_begin(), t->spec_end());
  else out.push_back(m);
  return out;
}

void BorrowCheck::hold(const RootList& held, const Stmt* s) {
  if (!s || held.empty()) return;
  Changes list;
  changes(s, list);
  for (const auto& [change, e] : list)
    for (const Root& h : held)
      if (invalidates(change, h)) {
        const SourceLocation at = isa<Expr>(s) ? cast<Expr>(s)->getExprLoc() : s->getBeginLoc();
        if (mine(at)) s_.report(at, found::kExclusive);
      }
  if (auto* l = dyn_cast<LambdaExpr>(s)) {
    for (const FunctionDecl* f : bodies(l->getLambdaClass())) hold(held, f->getBody());
    return;
  }
  // A named lambda: what it changes counts wherever it is used.
  if (auto* r = dyn_cast<DeclRefExpr>(s))
    if (auto* closure = r->getType()->getAsCXXRecordDecl(); closure && closure->isLambda() && scanning_.insert(closure).second) {
      for (const FunctionDecl* f : bodies(closure)) hold(held, f->getBody());
      scanning_.erase(closure);
    }
  for (const Stmt* c : s->children()) hold(held, c);
}

// The closure class of an argument that is a lambda, also a named one or one that is being converted.
static const CXXRecordDecl* closure_of(const Expr* e) {
  for (;;) {
    if (auto* r = e->getType()->getAsCXXRecordDecl(); r && r->isLambda()) return r;
    if (auto* x = dyn_cast<CastExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<ParenExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<MaterializeTemporaryExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<CXXBindTemporaryExpr>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<ExprWithCleanups>(e)) e = x->getSubExpr();
    else if (auto* x = dyn_cast<CXXConstructExpr>(e); x && x->getNumArgs() == 1) e = x->getArg(0);
    else return nullptr;
  }
}

// Within one call: no argument may borrow from what the call changes, and no callback may change what the call holds.
void BorrowCheck::call(const Expr* e) {
  auto* c = dyn_cast<CallExpr>(e);
  auto* k = dyn_cast<CXXConstructExpr>(e);
  if ((!c && !k) || !mine(e->getExprLoc())) return;
  auto* f = k ? k->getConstructor() : dyn_cast_or_null<FunctionDecl>(c->getCalleeDecl());
  llvm::SmallVector<const Expr*, 6> args;
  if (auto* m = dyn_cast<CXXMemberCallExpr>(e)) args.push_back(m->getImplicitObjectArgument());
  if (c) args.append(c->arg_begin(), c->arg_end());
  else args.append(k->arg_begin(), k->arg_end());

  if (auto* o = dyn_cast<CXXOperatorCallExpr>(e); o && o->getOperator() == OO_Equal && o->getNumArgs() == 2) assigned(o->getArg(0), o->getArg(1), o->getOperatorLoc());
  if (f && f->isInStdNamespace() && f->getIdentifier() && (f->getName() == "swap" || f->getName() == "exchange") && args.size() == 2) {
    assigned(args[0], args[1], e->getExprLoc());
    if (f->getName() == "swap") assigned(args[1], args[0], e->getExprLoc());
    return;  // swapping an object with itself or its neighbour is harmless
  }
  // Opt<std::string_view>::emplace and its like.
  if (auto* m = dyn_cast<CXXMemberCallExpr>(e); m && f && s_.owner(f) == Origin::ostd && !cast<CXXMethodDecl>(f)->isConst()) {
    const QualType t = m->getImplicitObjectArgument()->getType();
    auto* r = t->getAsCXXRecordDecl();
    if (r && types_.borrows(t) && !types_.marked(r, "ostd::view"))
      for (const Expr* a : m->arguments())
        if (types_.borrows(a->getType())) assigned(m->getImplicitObjectArgument(), a, e->getExprLoc());
  }

  // What the call itself may change; then what the evaluation of each argument may change, which matters to the others.
  Changes list;
  changes(e, list);
  for (const Expr* a : args) {
    Changes inside;
    all_changes(a, inside);
    for (auto& [root, who] : inside) list.push_back({std::move(root), a});
  }
  const bool assignment = isa<CXXOperatorCallExpr>(e) && cast<CXXOperatorCallExpr>(e)->isAssignmentOp();
  for (size_t i = 0; i < args.size(); ++i) {
    const Expr* a = args[i];
    if (const CXXRecordDecl* l = closure_of(a); l && !(f && isa<CXXMethodDecl>(f) && cast<CXXMethodDecl>(f)->getParent() == l)) {
      RootList held;
      for (size_t j = 0; j < args.size(); ++j)
        if (j != i && roots_.is_borrow(args[j])) roots_.of(args[j], held);
      for (Root& h : held) h.path.push_back({Step::Kind::call});  // the call may hold a borrow of any element
      for (const FunctionDecl* body : bodies(l)) hold(held, body->getBody());
      if (!f || s_.owner(f) != Origin::services) given_to_ostd_.insert(l);
      if (f && s_.owner(f) == Origin::ostd) continue;
    }
    // A parameter by value is a copy, made before the call.
    unsigned object = isa<CXXMemberCallExpr>(e) ? 1 : 0;
    if (auto* o = dyn_cast<CXXOperatorCallExpr>(e); o && isa_and_nonnull<CXXMethodDecl>(f)) object = cast<CXXMethodDecl>(f)->isImplicitObjectMemberFunction() ? 1 : 0;
    const bool by_value = i >= object && f && i - object < f->getNumParams() && !f->getParamDecl(i - object)->getType()->isReferenceType() &&
                          !types_.borrows(f->getParamDecl(i - object)->getType());
    if (by_value || !roots_.is_borrow(a)) continue;
    RootList r;
    roots_.of(a, r);
    // Running an owning callable borrows what it has captured.
    if (i == 0 && f && f->getOverloadedOperator() == OO_Call && s_.owner(f) == Origin::ostd)
      for (Root& x : r) x.path.push_back({Step::Kind::element});
    for (const auto& [change, who] : list) {
      if (who == a) continue;
      for (const Root& x : r)
        if (!assignment && invalidates(change, x)) s_.report(e->getExprLoc(), found::kArguments);
    }
  }
}

}  // namespace safe_profile
