// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include <stdlib.h>
namespace svc {}
