// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <base/result.h>

#undef TRY
namespace svc {}
