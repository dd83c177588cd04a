// expect: S13
// SPDX-License-Identifier: MPL-2.0
#ifdef NEVER
int* p;
#endif
namespace svc {}
