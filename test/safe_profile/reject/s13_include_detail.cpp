// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <ostd/detail/sync_inline.h>
namespace svc {}
