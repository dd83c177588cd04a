// SPDX-License-Identifier: MPL-2.0
// Which entities of others may be named: ostd's safe interface and a part of the standard library.
#include "allow.h"
#include "checker.h"

#include "clang/AST/Attr.h"

namespace safe_profile {

using namespace clang;
using llvm::StringRef;

bool Checker::allow_std_type(StringRef name) { return allow::std_type(name); }

void Checker::detail_namespace(const NamespaceDecl* n, SourceLocation at) {
  if (s_.owner(n) == Origin::services) return;
  if (n->getName() == "detail" || n->getName() == "target" || n->getName().starts_with("__"))
    s_.report(at, found::kDetail, n->getQualifiedNameAsString());
}

static const FunctionDecl* template_of(const FunctionDecl* f) {
  if (auto* p = f->getTemplateInstantiationPattern()) return p;
  return f;
}

void Checker::use(const NamedDecl* d, SourceLocation at) {
  if (!d || !mine(at) || isa<EnumConstantDecl, NonTypeTemplateParmDecl, TemplateParamObjectDecl>(d)) return;
  if (auto* field = dyn_cast<FieldDecl>(d); field && field->getParent()->isUnion()) s_.report(at, found::kUnion);
  switch (s_.owner(d)) {
    case Origin::services: return;
    case Origin::standard: return types_.in_std(d) ? use_std(d, at) : s_.report(at, found::kForeign, d->getNameAsString());
    case Origin::other: return s_.report(at, found::kForeign, d->getNameAsString());
    case Origin::ostd: break;
  }
  const Decl* parent = dyn_cast<Decl>(d->getDeclContext());
  auto* record = dyn_cast<CXXRecordDecl>(parent);
  auto* f = dyn_cast<FunctionDecl>(d);
  if (types_.marked(d, "ostd::unsafe") || (record && types_.marked(record, "ostd::unsafe")) || d->hasAttr<UnsafeBufferUsageAttr>() ||
      (f && template_of(f)->hasAttr<UnsafeBufferUsageAttr>()))
    s_.report(at, found::kUnsafe, d->getNameAsString());
  if ((types_.marked(d, "ostd::root") || (record && types_.marked(record, "ostd::root"))) && !s_.spelled_in_root(at))
    s_.report(at, found::kRoot, d->getNameAsString());
  // Members of internal classes may be public interface by inheritance; free entities are not.
  if (auto* n = dyn_cast<NamespaceDecl>(parent)) {
    detail_namespace(n, at);
    // Reading T from user memory.
    if (f && f->getTemplateSpecializationArgs() && n->getQualifiedNameAsString() == "ostd::user")
      for (auto& a : f->getTemplateSpecializationArgs()->asArray())
        if (a.getKind() == TemplateArgument::Type && !a.getAsType()->isDependentType() && !types_.plain(a.getAsType()))
          s_.report(at, found::kForged, a.getAsType().getAsString());
  }
}

void Checker::use_std(const NamedDecl* d, SourceLocation at) {
  const std::string name = d->getNameAsString();
  bool ok = false;
  if (auto* v = dyn_cast<VarDecl>(d)) {
    ok = v->isConstexpr() || (v->isStaticDataMember() && v->getType().isConstQualified());
  } else if (auto* m = dyn_cast<CXXMethodDecl>(d)) {
    const CXXRecordDecl* r = m->getParent();
    const StringRef type = types_.std_class(r);
    if (auto* k = dyn_cast<CXXConstructorDecl>(m)) {
      const bool plain = k->isDefaultConstructor() || k->isCopyOrMoveConstructor();
      // One argument: another view, a container, a literal. Not a pointer or iterator with a count.
      if (type == "span" || type == "basic_string_view") ok = plain || view_argument(k);
      else ok = allow::std_type(type) || (plain && r->isEmpty()) || type == "_CmpUnspecifiedParam";  // x <=> y != 0
    } else {
      ok = allow::std_method(type, name) || (isa<CXXConversionDecl>(m) && r->isEmpty());
    }
  } else if (auto* f = dyn_cast<FunctionDecl>(d)) {
    ok = allow::std_function(name, f->getNumParams());
  } else if (auto* field = dyn_cast<FieldDecl>(d)) {
    ok = types_.std_class(dyn_cast<CXXRecordDecl>(field->getParent())) == "pair";
  } else {
    ok = isa<BindingDecl>(d);
  }
  if (!ok) s_.report(at, found::kStd, d->getQualifiedNameAsString());
}

// A range must say its true size: only classes of ostd and std are believed.
bool Checker::view_argument(const CXXConstructorDecl* k) {
  for (unsigned i = 1; i < k->getNumParams(); ++i)
    if (!k->getParamDecl(i)->hasDefaultArg()) return false;
  const QualType t = k->getParamDecl(0)->getType().getNonReferenceType();
  if (t->isPointerType()) return true;  // only a literal gets here: other pointers are rejected as arguments
  auto* r = t->getAsCXXRecordDecl();
  return r && s_.owner(r) != Origin::services;
}

}  // namespace safe_profile
