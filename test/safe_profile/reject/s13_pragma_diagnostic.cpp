// expect: S13
// SPDX-License-Identifier: MPL-2.0
#pragma clang diagnostic ignored "-Weverything"
namespace svc {}
