// expect: S13
// SPDX-License-Identifier: MPL-2.0
#define private public
namespace svc {}
