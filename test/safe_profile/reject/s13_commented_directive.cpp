// expect: S13
// SPDX-License-Identifier: MPL-2.0
/* a */ # /* b */ define X 1
namespace svc {}
