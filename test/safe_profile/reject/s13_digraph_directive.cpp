// expect: S13
// SPDX-License-Identifier: MPL-2.0
%:define X 1
namespace svc {}
