// expect: S13
// SPDX-License-Identifier: MPL-2.0
#pragma weak svc_f
namespace svc {}
