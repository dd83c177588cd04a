// expect: S13
// SPDX-License-Identifier: MPL-2.0
#def\
ine X 1
namespace svc {}
