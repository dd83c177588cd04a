// expect: S13
// SPDX-License-Identifier: MPL-2.0
#include "../../../tools/safe_profile/finding.h"
namespace svc {}
