// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

#pragma push_macro("TRY")
namespace svc {}
