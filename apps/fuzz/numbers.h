// SPDX-License-Identifier: MPL-2.0
// Numbers of system calls that the C library does not know yet.
#pragma once
#ifndef SYS_futex_wake
#define SYS_futex_wake 454
#define SYS_futex_wait 455
#define SYS_futex_requeue 456
#endif
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif
