// SPDX-License-Identifier: MPL-2.0
// Bad addresses in the calls that abi/wildptr leaves out: memory, children, and further arguments.
// Covers: munmap mprotect mremap madvise msync mincore mlock clone wait4 waitid execveat capget capset syslog adjtimex mount shmat shmdt shmctl
#define WILD_PART 2
#include "../../fuzz/wildptr.c"
