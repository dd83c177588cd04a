// SPDX-License-Identifier: MPL-2.0
// Checks on the text of services files: tokens, directives, comments, attributes. They see every token of every file, also
// in templates that nobody instantiates, so nothing can be hidden from them by the preprocessor or the type system.
#pragma once
#include "source.h"

namespace safe_profile {

void check_text(Source& source);       // all services files of the translation unit, after parsing
void install_preprocessor(Source& source);  // includes and macro expansions, while preprocessing

}  // namespace safe_profile
