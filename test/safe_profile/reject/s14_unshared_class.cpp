// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
struct Shape { int a = 0; };
}
