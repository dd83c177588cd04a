// SPDX-License-Identifier: MPL-2.0
// A place in the tree of mounts. Complete only together with mount.h.
#pragma once
#include <base/own.h>

namespace svc::fs {
using namespace ostd;
class Dentry;
class Mount;
struct Path {
  Ref<Mount> mount;
  Ref<Dentry> dentry;
};
}  // namespace svc::fs
