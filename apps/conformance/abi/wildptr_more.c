// SPDX-License-Identifier: MPL-2.0
// Bad addresses in the calls that abi/wildptr leaves out: memory, children, and further arguments.
// Covers: munmap mprotect mremap madvise msync mincore mlock mseal name_to_handle_at open_by_handle_at pidfd_send_signal process_vm_readv process_vm_writev clone wait4 waitid execveat capget capset syslog adjtimex mount shmat shmdt shmctl rseq getcpu futex_wake futex_wait futex_requeue futex_waitv sched_setattr sched_getattr kcmp semop semtimedop semctl msgsnd msgrcv msgctl
#define WILD_PART 2
#include "../../fuzz/wildptr.c"
