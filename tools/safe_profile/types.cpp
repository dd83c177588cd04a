// SPDX-License-Identifier: MPL-2.0
#include "types.h"

#include "clang/AST/Attr.h"

namespace safe_profile {

using namespace clang;
using llvm::StringRef;

static const Decl* pattern(const Decl* d) {
  if (auto* f = dyn_cast<FunctionDecl>(d)) return f->getTemplateInstantiationPattern();
  // Also of a class that is named but not instantiated: Own<CapRef<T, R>> as a member.
  if (auto* r = dyn_cast<ClassTemplateSpecializationDecl>(d); r && !r->getTemplateInstantiationPattern()) return r->getSpecializedTemplate()->getTemplatedDecl();
  if (auto* r = dyn_cast<CXXRecordDecl>(d)) return r->getTemplateInstantiationPattern();
  if (auto* v = dyn_cast<VarDecl>(d)) return v->getTemplateInstantiationPattern();
  return nullptr;
}

bool Types::marked(const Decl* d, StringRef mark) {
  for (int turn = 0; d && turn < 2; ++turn, d = pattern(d))
    for (const Decl* r : d->redecls())
      for (auto* x : r->specific_attrs<AnnotateAttr>())
        if (x->getAnnotation() == mark && s_.owner(r) == Origin::ostd) return true;
  return false;
}

bool Types::marked_parameter(const ParmVarDecl* p) const {
  for (auto* x : p->specific_attrs<AnnotateAttr>())
    if (x->getAnnotation() == "ostd::noescape") return true;
  return false;
}

bool Types::in_std(const Decl* d) {
  for (auto* c = d->getDeclContext(); c && !c->isTranslationUnit(); c = c->getParent())
    if (auto* n = dyn_cast<NamespaceDecl>(c); n && n->getName() == "std" && n->getDeclContext()->getRedeclContext()->isTranslationUnit())
      return true;
  return false;
}

StringRef Types::std_class(const CXXRecordDecl* r) {
  return r && r->getIdentifier() && in_std(r) && s_.owner(r) == Origin::standard ? r->getName() : StringRef();
}

bool Types::raw(QualType t) const {
  if (t.isNull()) return false;
  const Type* c = t.getCanonicalType().getNonReferenceType().getTypePtr();
  return c->isAnyPointerType() || c->isMemberPointerType() || c->isBlockPointerType() || c->isArrayType() || c->isNullPtrType() ||
         c->isVectorType() || c->isMatrixType() || c->isAtomicType();
}

bool Types::floating(QualType t) const {
  const Type* c = t.getCanonicalType().getNonReferenceType().getTypePtr();
  return c->isFloatingType() || c->isAnyComplexType();
}

template <class F>
bool Types::any_type_argument(const CXXRecordDecl* r, F f) {
  auto* spec = dyn_cast<ClassTemplateSpecializationDecl>(r);
  if (!spec) return false;
  llvm::SmallVector<TemplateArgument, 8> work(spec->getTemplateArgs().asArray());
  while (!work.empty()) {
    const TemplateArgument a = work.pop_back_val();
    if (a.getKind() == TemplateArgument::Pack) work.append(a.pack_begin(), a.pack_end());
    // A function type is a signature: its parameters may be borrows.
    else if (a.getKind() == TemplateArgument::Type && !a.getAsType()->isFunctionType() && f(a.getAsType())) return true;
  }
  return false;
}

static bool ref_counted(const CXXRecordDecl* r) {
  if (!r->hasDefinition()) return false;
  if (r->getIdentifier() && r->getQualifiedNameAsString() == "ostd::RefCounted") return true;
  for (auto& b : r->bases())
    if (auto* d = b.getType()->getAsCXXRecordDecl(); d && ref_counted(d)) return true;
  return false;
}

bool Types::borrows(QualType t, int depth) {
  if (t.isNull() || t->isDependentType()) return false;
  t = t.getCanonicalType();
  if (t->isReferenceType() || t->isAnyPointerType() || t->isMemberPointerType() || t->isNullPtrType()) return true;
  if (auto* array = a_.getAsArrayType(t)) return borrows(array->getElementType(), depth + 1);
  if (auto* atomic = t->getAs<AtomicType>()) return borrows(atomic->getValueType(), depth + 1);
  auto* r = t->getAsCXXRecordDecl();
  return r && borrows_record(r, depth);
}

bool Types::borrows_record(const CXXRecordDecl* r, int depth) {
  if (depth > 64) return true;  // endless nesting: no
  r = r->getCanonicalDecl();
  if (auto it = borrows_.find(r); it != borrows_.end()) return it->second;
  borrows_[r] = false;  // a recursive type borrows only through its other members
  auto compute = [&] {
    const bool project = s_.owner(r) != Origin::services;
    if (project && (marked(r, "ostd::view") || r->hasAttr<PointerAttr>())) return true;
    auto inside = [&](QualType a) { return borrows(a, depth + 1); };
    if (StringRef name = std_class(r); !name.empty()) {
      if (name == "span" || name == "basic_string_view" || name == "initializer_list" || name == "reference_wrapper") return true;
      if (name == "pair" || name == "tuple") return any_type_argument(r, inside);
    }
    if (project && marked(r, "ostd::owned")) return any_type_argument(r, inside);
    // Shared objects are held by Ref; the pointers in ostd's own ones are ostd's business.
    if (s_.owner(r) == Origin::ostd && ref_counted(r)) return false;
    const CXXRecordDecl* d = r->getDefinition();
    if (!d) return false;  // services: its own definition is checked; others: only usable through an owner
    for (auto* f : d->fields())
      if (borrows(f->getType(), depth + 1)) return true;
    for (auto& b : d->bases())
      if (borrows(b.getType(), depth + 1)) return true;
    return false;
  };
  const bool result = compute();
  if (depth == 0 || result) borrows_[r] = result;
  else borrows_.erase(r);
  return result;
}

bool Types::keeps_borrows(QualType t, int depth) {
  if (t.isNull() || t->isDependentType() || depth > 64) return false;
  t = t.getCanonicalType().getNonReferenceType();
  auto* r = t->getAsCXXRecordDecl();
  if (!r) return false;
  r = r->getCanonicalDecl();
  if (auto it = keeps_.find(r); it != keeps_.end()) return it->second;
  keeps_[r] = false;
  // Opt, Result, pair and tuple are as short-lived as what is in them.
  const std::string name = r->getQualifiedNameAsString();
  const bool passes = name == "ostd::Opt" || name == "ostd::Result" || !std_class(r).empty();
  const bool owner = s_.owner(r) != Origin::services && marked(r, "ostd::owned");
  const bool result = any_type_argument(r, [&](QualType a) { return (owner && !passes && borrows(a)) || keeps_borrows(a, depth + 1); });
  return keeps_[r] = result;
}

bool Types::plain(QualType t, int depth) {
  if (t.isNull() || depth > 32) return false;
  t = t.getCanonicalType();
  if (t->isBooleanType()) return false;
  if (t->isIntegralOrEnumerationType()) return true;
  auto* r = t->getAsCXXRecordDecl();
  if (!r || !r->hasDefinition()) return false;
  if (s_.owner(r) == Origin::ostd) {
    const std::string name = r->getQualifiedNameAsString();
    if (name == "ostd::Array") return !any_type_argument(r, [&](QualType a) { return !plain(a, depth + 1); });
    return name == "ostd::Strong" || name == "ostd::Duration" || name == "ostd::Instant";
  }
  if (s_.owner(r) != Origin::services || r->isPolymorphic()) return false;
  for (auto* f : r->getDefinition()->fields())
    if (!plain(f->getType(), depth + 1)) return false;
  for (auto& b : r->getDefinition()->bases())
    if (!plain(b.getType(), depth + 1)) return false;
  return true;
}

bool Types::changes(QualType t, int depth) {
  if (t.isNull() || t->isDependentType()) return false;
  t = t.getCanonicalType();
  if (auto* array = a_.getAsArrayType(t)) return changes(array->getElementType(), depth + 1);
  auto* r = t->getAsCXXRecordDecl();
  if (!r) return t.isVolatileQualified();
  if (depth > 32 || marked(r, "ostd::sync")) return true;
  if (!(r = r->getDefinition())) return false;  // nobody can define an object of it here
  for (auto* f : r->fields())
    if (f->isMutable() || changes(f->getType(), depth + 1)) return true;
  for (auto& b : r->bases())
    if (changes(b.getType(), depth + 1)) return true;
  return false;
}

}  // namespace safe_profile
