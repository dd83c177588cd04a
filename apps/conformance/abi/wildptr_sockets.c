// SPDX-License-Identifier: MPL-2.0
// Bad addresses in the calls on sockets.
// Covers: socketpair sendto recvfrom sendmsg recvmsg bind connect getsockname getpeername setsockopt getsockopt accept4 sendmmsg recvmmsg
#define WILD_PART 1
#include "../../fuzz/wildptr.c"
