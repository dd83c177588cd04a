// SPDX-License-Identifier: MPL-2.0
// Text files about the whole system.
#pragma once
#include <services/procfs/entry.h>

namespace svc::procfs {

// cpuinfo.cpp
Status cpuinfo(const Subject& s, const Context& who, String& out);
// meminfo.cpp
Status meminfo(const Subject& s, const Context& who, String& out);
Status vmstat(const Subject& s, const Context& who, String& out);
// system_stat.cpp
Status system_stat(const Subject& s, const Context& who, String& out);
Status uptime(const Subject& s, const Context& who, String& out);
Status loadavg(const Subject& s, const Context& who, String& out);

}  // namespace svc::procfs
