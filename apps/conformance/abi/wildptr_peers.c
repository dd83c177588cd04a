// SPDX-License-Identifier: MPL-2.0
// Bad addresses where a call tells of another: the peer of a connection, the sender of a message, a traced child.
// Covers: accept accept4 recvfrom ptrace
#define WILD_PART 3
#include "../../fuzz/wildptr.c"
