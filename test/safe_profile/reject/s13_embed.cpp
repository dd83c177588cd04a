// expect: S13 +
// SPDX-License-Identifier: MPL-2.0
namespace svc {}
#embed "../run.py"
