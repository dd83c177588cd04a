// expect: S13
// SPDX-License-Identifier: MPL-2.0
#import <span>
namespace svc {}
