// expect: S13
// SPDX-License-Identifier: MPL-2.0
#if 1
namespace svc {}
#endif
