// expect: S14
// SPDX-License-Identifier: MPL-2.0
#include <base/own.h>

#include <base/own.h>
using ostd::Own;
namespace svc {}
