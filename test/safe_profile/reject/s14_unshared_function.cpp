// expect: S14
// SPDX-License-Identifier: MPL-2.0
namespace svc {
int visible() { return 1; }
}
