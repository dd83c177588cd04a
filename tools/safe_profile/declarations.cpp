// SPDX-License-Identifier: MPL-2.0
// Declarations: where they may stand, what they may hold, how they are initialised.
#include "allow.h"
#include "borrow.h"
#include "checker.h"

#include "clang/AST/Attr.h"

namespace safe_profile {

using namespace clang;

bool Checker::allowed_kind(const Decl* d) {
  switch (d->getKind()) {
    case Decl::Namespace: case Decl::NamespaceAlias: case Decl::Using: case Decl::UsingEnum: case Decl::UsingDirective:
    case Decl::UsingShadow: case Decl::ConstructorUsingShadow: case Decl::UsingPack: case Decl::UnresolvedUsingValue:
    case Decl::UnresolvedUsingTypename: case Decl::Empty: case Decl::StaticAssert: case Decl::AccessSpec: case Decl::Friend:
    case Decl::CXXRecord: case Decl::Enum: case Decl::EnumConstant: case Decl::Field: case Decl::Typedef: case Decl::TypeAlias:
    case Decl::Function: case Decl::CXXMethod: case Decl::CXXConstructor: case Decl::CXXDestructor: case Decl::CXXConversion:
    case Decl::CXXDeductionGuide: case Decl::Var: case Decl::ParmVar: case Decl::ImplicitParam: case Decl::Decomposition: case Decl::Binding:
    case Decl::ClassTemplate: case Decl::FunctionTemplate: case Decl::VarTemplate: case Decl::TypeAliasTemplate: case Decl::Concept:
    case Decl::ClassTemplateSpecialization: case Decl::ClassTemplatePartialSpecialization: case Decl::VarTemplateSpecialization:
    case Decl::VarTemplatePartialSpecialization: case Decl::TemplateTypeParm: case Decl::NonTypeTemplateParm:
    case Decl::TemplateTemplateParm: case Decl::RequiresExprBody: case Decl::LifetimeExtendedTemporary:
    case Decl::ImplicitConceptSpecialization:
      return true;
    case Decl::IndirectField: return false;  // anonymous unions and structs
    default: return false;
  }
}

bool Checker::VisitDecl(Decl* d) {
  SourceLocation at = d->getLocation();
  if (at.isInvalid()) at = d->getBeginLoc();
  if (!mine(at) || (d->isImplicit() && !isa<IndirectFieldDecl>(d))) return true;
  if (!allowed_kind(d)) s_.report(at, found::kConstruct, d->getDeclKindName());
  if (auto* n = dyn_cast<NamedDecl>(d)) place_of(n);
  if (auto* u = dyn_cast<UsingDirectiveDecl>(d)) detail_namespace(u->getNominatedNamespace(), at);
  else if (auto* u = dyn_cast<NamespaceAliasDecl>(d)) detail_namespace(u->getNamespace(), at);
  else if (auto* v = dyn_cast<VarDecl>(d)) variable(v);
  else if (auto* f = dyn_cast<FieldDecl>(d)) field(f);
  else if (auto* f = dyn_cast<FunctionDecl>(d)) function(f);
  else if (auto* r = dyn_cast<CXXRecordDecl>(d)) record(r);
  else if (auto* e = dyn_cast<EnumDecl>(d); e && !e->isFixed()) s_.report(at, found::kEnum);
  return true;
}

// Everything of services is in namespace svc: nothing can clash with or extend what belongs to others.
void Checker::place_of(NamedDecl* d) {
  const DeclContext* c = d->getDeclContext()->getRedeclContext();
  if (auto* n = dyn_cast<NamespaceDecl>(d)) {
    if (c->isTranslationUnit() && (n->isAnonymousNamespace() || n->getName() != "svc")) s_.report(d->getLocation(), found::kNamespace, n->getName());
    else if (!s_.owned(n->getCanonicalDecl())) s_.report(d->getLocation(), found::kNamespace, n->getName());
    return;
  }
  if (isa<ParmVarDecl, TemplateTypeParmDecl, NonTypeTemplateParmDecl, TemplateTemplateParmDecl, UsingShadowDecl>(d)) return;
  if (auto* f = dyn_cast<FunctionDecl>(d); f && allow::hook(f->getQualifiedNameAsString()) && f->getPreviousDecl() && f->isOutOfLine()) return;
  if (c->isTranslationUnit()) return s_.report(d->getLocation(), found::kNamespace, d->getNameAsString());
  if (isa<NamespaceDecl, CXXRecordDecl>(c)) {
    if (!s_.owned(cast<Decl>(c)) || !s_.owned(d)) return s_.report(d->getLocation(), found::kForeignDecl, d->getQualifiedNameAsString());
  }
  const Decl* primary = nullptr;
  if (auto* t = dyn_cast<ClassTemplateSpecializationDecl>(d)) primary = t->getSpecializedTemplate();
  else if (auto* t = dyn_cast<VarTemplateSpecializationDecl>(d)) primary = t->getSpecializedTemplate();
  else if (auto* f = dyn_cast<FunctionDecl>(d)) primary = f->getPrimaryTemplate();
  if (primary && !s_.owned(primary)) return s_.report(d->getLocation(), found::kForeignDecl, d->getQualifiedNameAsString());
  unshared(d);
}

// What the main file defines for itself must not be visible to other files, which could define it differently.
void Checker::unshared(NamedDecl* d) {
  const SourceManager& m = s_.manager();
  const bool local_function = isa<FunctionDecl>(d) && d->getLexicalDeclContext()->isFunctionOrMethod() && !isa<CXXMethodDecl>(d);
  if (local_function) return s_.report(d->getLocation(), found::kPrototype, d->getNameAsString());
  if (!m.isInMainFile(m.getExpansionLoc(d->getLocation())) || !d->getLexicalDeclContext()->isFileContext() || !d->isExternallyVisible()) return;
  auto from_header = [&] {
    for (const Decl* r : d->redecls())
      if (!m.isInMainFile(m.getExpansionLoc(r->getLocation()))) return true;
    return false;
  };
  if (auto* tag = dyn_cast<TagDecl>(d)) {
    if (tag->isThisDeclarationADefinition()) s_.report(d->getLocation(), found::kUnshared, d->getNameAsString());
  } else if (isa<ClassTemplateDecl, VarTemplateDecl, VarDecl>(d)) {
    if (!from_header()) s_.report(d->getLocation(), found::kUnshared, d->getNameAsString());
  } else if (auto* f = dyn_cast<FunctionDecl>(d); f && !isa<CXXDeductionGuideDecl>(f)) {
    const FunctionDecl* pattern = f->getTemplateInstantiationPattern();
    if (!from_header() && !(isa<CXXMethodDecl>(f) && (pattern || f->isOutOfLine()))) s_.report(d->getLocation(), found::kPrototype, d->getNameAsString());
  }
}

static bool unset(QualType t, const Expr* init) {
  if (!init) return t->isScalarType() || t->isRecordType();
  auto* k = dyn_cast<CXXConstructExpr>(init->IgnoreImplicit());
  if (!k || isa<CXXTemporaryObjectExpr>(k) || k->getNumArgs() || k->requiresZeroInitialization() || k->isListInitialization()) return false;
  return k->getConstructor()->isDefaultConstructor() && k->getConstructor()->isTrivial() && !k->getConstructor()->getParent()->isEmpty();
}

void Checker::variable(VarDecl* d) {
  const QualType t = d->getType();
  const SourceLocation at = d->getLocation();
  if (d->getTLSKind() != VarDecl::TLS_None) s_.report(at, found::kThreadLocal);
  if (d->isLocalExternDecl()) s_.report(at, found::kExtern);
  if (t->isDependentType() || isa<ParmVarDecl>(d)) {
    if (!t->isDependentType() && types_.raw(t)) s_.report(at, found::kPointerType, t.getAsString());
    return;
  }
  if (types_.raw(t)) s_.report(at, found::kPointerType, t.getAsString());
  if (d->hasGlobalStorage()) return global(d);
  if (d->getInit()) own_initialiser(d->getInit(), d);
  // A named local lambda is a local borrow like a reference: S7 to S9 follow it.
  if (auto* r = t->getAsCXXRecordDecl(); r && r->isLambda() && d->getInit()) approve_called_lambda(const_cast<Expr*>(d->getInit()));
  if (d->isCXXForRangeDecl() || d->getDeclContext()->isDependentContext()) return;
  if (unset(t, d->getInit())) s_.report(at, found::kUninitialised, d->getNameAsString());
}

void Checker::global(VarDecl* d) {
  const QualType t = d->getType();
  const SourceLocation at = d->getLocation();
  if (!t.isConstQualified() || types_.changes(t)) s_.report(at, found::kStatic, d->getNameAsString());
  if (types_.borrows(t)) s_.report(at, found::kGlobal);
  if (d->getDeclContext()->isDependentContext()) return;
  if (d->isThisDeclarationADefinition() != VarDecl::Definition && !d->isConstexpr()) return;
  if (!d->isConstexpr() && !(d->hasInit() && d->hasConstantInitialization())) s_.report(at, found::kDynamicInit, d->getNameAsString());
  if (d->getInit() && !d->getDeclContext()->isFunctionOrMethod()) BorrowCheck(types_, s_).run(d->getInit());
  if (d->needsDestruction(a_) != QualType::DK_none) s_.report(at, found::kDynamicInit, d->getNameAsString());
}

void Checker::field(FieldDecl* d) {
  const QualType t = d->getType();
  const SourceLocation at = d->getLocation();
  auto* parent = dyn_cast<CXXRecordDecl>(d->getParent());
  if ((parent && parent->isLambda()) || t->isDependentType()) return;
  if (d->isMutable()) s_.report(at, found::kMutable);
  if (types_.borrows(t)) s_.report(at, found::kMember, t.getAsString());
  if (d->isUnnamedBitField() || d->getDeclContext()->isDependentContext()) return;
  const CXXRecordDecl* r = t->getAsCXXRecordDecl();
  const bool trivial = r && r->hasDefinition() && r->hasTrivialDefaultConstructor() && !r->isEmpty();
  // In a class with constructors of its own each of them is checked instead.
  const bool by_constructor = parent && parent->hasUserDeclaredConstructor();
  if (!d->hasInClassInitializer() && !by_constructor && (t->isScalarType() || trivial))
    s_.report(at, found::kUninitialised, d->getNameAsString());
  if (d->hasInClassInitializer() && d->getInClassInitializer()) {
    early_this(d->getInClassInitializer(), d);
    BorrowCheck(types_, s_).run(d->getInClassInitializer());
  }
}

void Checker::function(FunctionDecl* d) {
  const SourceLocation at = d->getLocation();
  if (d->isVariadic()) s_.report(at, found::kVariadic);
  switch (d->getOverloadedOperator()) {
    case OO_New: case OO_Delete: case OO_Array_New: case OO_Array_Delete: s_.report(at, found::kNew); break;
    case OO_Comma: s_.report(at, found::kOperator); break;
    case OO_Amp:
      if (d->getNumParams() == (isa<CXXMethodDecl>(d) ? 0 : 1)) s_.report(at, found::kOperator);
      break;
    default: break;
  }
  auto* m = dyn_cast<CXXMethodDecl>(d);
  if (m && m->isVirtual() && d->isNoReturn()) s_.report(at, found::kAttribute, "noreturn on a virtual function: overriders return");
  if (!d->getReturnType()->isDependentType() && types_.raw(d->getReturnType())) s_.report(at, found::kPointerType, "return type");
  if (auto* k = dyn_cast<CXXConstructorDecl>(d)) constructor(k);
  if (d->doesThisDeclarationHaveABody() && !d->getReturnType()->isVoidType()) falls_off(d->getBody());
  // A lambda is checked with the function around it.
  const bool lambda = m && m->getParent()->isLambda();
  if (!lambda && d->doesThisDeclarationHaveABody() && !d->isDependentContext() && d->getBody()) BorrowCheck(types_, s_).run(d);
}

void Checker::falls_off(const Stmt* s) {
  if (!s) return;
  if (auto* c = dyn_cast<CompoundStmt>(s)) return c->body_empty() ? void() : falls_off(c->body_back());
  if (auto* c = dyn_cast<SwitchCase>(s)) return falls_off(c->getSubStmt());
  if (auto* a = dyn_cast<AttributedStmt>(s)) return falls_off(a->getSubStmt());
  if (auto* i = dyn_cast<IfStmt>(s)) {
    falls_off(i->getThen());
    return falls_off(i->getElse());
  }
  auto* w = dyn_cast<SwitchStmt>(s);
  if (!w) return;
  bool fallback = false;
  for (const SwitchCase* c = w->getSwitchCaseList(); c; c = c->getNextSwitchCase()) fallback |= isa<DefaultStmt>(c);
  if (!fallback && mine(w->getSwitchLoc())) s_.report(w->getSwitchLoc(), found::kFallsOff);
  falls_off(w->getBody());
}

void Checker::constructor(CXXConstructorDecl* d) {
  if (d->isDependentContext() || d->isDeleted() || d->isCopyOrMoveConstructor()) return;
  auto fields = [&](auto set) {
    for (FieldDecl* f : d->getParent()->fields()) {
      const CXXRecordDecl* r = f->getType()->getAsCXXRecordDecl();
      const bool needs = f->getType()->isScalarType() || (r && r->hasDefinition() && r->hasTrivialDefaultConstructor() && !r->isEmpty());
      if (needs && !f->isUnnamedBitField() && !f->hasInClassInitializer() && !set(f)) s_.report(f->getLocation(), found::kUninitialised, f->getNameAsString());
    }
  };
  if (d->isExplicitlyDefaulted()) return fields([](FieldDecl*) { return false; });
  if (!d->doesThisDeclarationHaveABody()) return;
  if (!d->isDelegatingConstructor())
    fields([&](FieldDecl* f) { return llvm::any_of(d->inits(), [&](CXXCtorInitializer* i) { return i->isWritten() && i->getAnyMember() == f; }); });
  for (CXXCtorInitializer* i : d->inits())
    if (i->isWritten() && i->getInit()) early_this(i->getInit(), i->isMemberInitializer() ? i->getMember() : nullptr);
}

void Checker::early_this(const Stmt* e, const FieldDecl* until) {
  if (!e) return;
  if (auto* m = dyn_cast<MemberExpr>(e); m && isa<CXXThisExpr>(m->getBase()->IgnoreParenImpCasts())) {
    auto* f = dyn_cast<FieldDecl>(m->getMemberDecl());
    const bool built = f && until && (f->getParent() != until->getParent() || f->getFieldIndex() < until->getFieldIndex());
    if (!built) s_.report(m->getMemberLoc(), found::kEarlyThis);
    return;
  }
  if (isa<CXXThisExpr>(e)) return s_.report(e->getBeginLoc(), found::kEarlyThis);
  if (isa<CXXDefaultInitExpr>(e)) return;
  for (const Stmt* c : e->children()) early_this(c, until);
}

void Checker::own_initialiser(const Stmt* e, const VarDecl* d) {
  if (!e || isa<UnaryExprOrTypeTraitExpr>(e)) return;
  if (auto* r = dyn_cast<DeclRefExpr>(e); r && r->getDecl() == d) return s_.report(r->getLocation(), found::kSelfInit);
  for (const Stmt* c : e->children()) own_initialiser(c, d);
}

void Checker::record(CXXRecordDecl* d) {
  const SourceLocation at = d->getLocation();
  if (d->isUnion()) s_.report(at, found::kUnion);
  if (!d->isThisDeclarationADefinition() || d->isLambda()) return;
  for (auto& b : d->bases()) {
    const QualType t = b.getType();
    if (t->isDependentType()) continue;
    auto* r = t->getAsCXXRecordDecl();
    const Origin o = r ? s_.owner(r) : Origin::other;
    // A container's or owner's behaviour is relied on by ostd; a derived class could fake it.
    // The links of ostd::List are private to it: to be a ListNode is how an object can be in one.
    const bool node = o == Origin::ostd && r->getIdentifier() && r->getQualifiedNameAsString() == "ostd::ListNode";
    const bool sealed = o == Origin::ostd && !node && (types_.marked(r, "ostd::owned") || types_.marked(r, "ostd::view") || types_.marked(r, "ostd::sync"));
    const bool library = (o == Origin::standard || o == Origin::other) && !(r && r->isEmpty() && !r->isPolymorphic());
    if (sealed || library) s_.report(b.getBeginLoc(), found::kBase, t.getAsString());
    if (types_.borrows(t)) s_.report(b.getBeginLoc(), found::kMember, t.getAsString());
  }
}

}  // namespace safe_profile
