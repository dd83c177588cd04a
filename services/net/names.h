// SPDX-License-Identifier: MPL-2.0
// From names to sockets.
#pragma once
#include <services/fs/namei.h>
#include <services/net/endpoint.h>

namespace svc::net {

// Who listens to, or receives at, a name. Errors: connection_refused, wrong_protocol_type, those of walking a path.
Result<Ref<Endpoint>> find_by_name(const Context& who, const fs::FsContext& fs, const UnixSpace& space, const UnixName& name, Kind kind);

}  // namespace svc::net
