// SPDX-License-Identifier: MPL-2.0
// The allow-lists. What is not listed is rejected; add an entry only with a fixture in test/safe_profile/.
#pragma once
#include "llvm/ADT/StringRef.h"

namespace safe_profile::allow {

bool header(llvm::StringRef name);     // standard headers
bool macro(llvm::StringRef name);      // macros of ostd that services may expand
bool attribute(llvm::StringRef name);  // as written: "nodiscard", "clang::lifetimebound"
bool std_type(llvm::StringRef name);   // classes of namespace std that have state
bool std_function(llvm::StringRef name, unsigned params);         // free functions of namespace std
bool std_method(llvm::StringRef type, llvm::StringRef name);      // member functions
bool accessor(llvm::StringRef name);  // member functions of ostd that give access to an element and change nothing
bool hook(llvm::StringRef qualified_name);  // declared by ostd, defined by services
llvm::StringRef banned_keyword(llvm::StringRef token);  // the rule, or empty

}  // namespace safe_profile::allow
