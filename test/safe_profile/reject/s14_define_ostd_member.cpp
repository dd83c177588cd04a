// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <ostd/time.h>
ostd::Instant ostd::time::now() { return {}; }
