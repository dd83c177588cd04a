// SPDX-License-Identifier: MPL-2.0
// /dev/null, zero, full, random, urandom [null(4), full(4), random(4)].
#pragma once
#include <services/fs/device.h>

namespace svc::fs {
void add_memory_devices(const DeviceTable& table);
}  // namespace svc::fs
