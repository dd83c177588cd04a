// expect: S13 +
// SPDX-License-Identifier: MPL-2.0
#include <ostd/target/sync.h>
namespace svc {}
