// expect: S13
// SPDX-License-Identifier: MPL-2.0
#line 1 "ostd/base/base/own.h"
namespace svc {}
