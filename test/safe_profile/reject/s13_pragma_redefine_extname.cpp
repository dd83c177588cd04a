// expect: S13
// SPDX-License-Identifier: MPL-2.0
#pragma redefine_extname f g
namespace svc {}
