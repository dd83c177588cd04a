// SPDX-License-Identifier: MPL-2.0
// Bad addresses in every place of every system call: the program of apps/fuzz, its answers compared with Linux's.
// Covers: read write openat newfstatat pipe2 rt_sigaction getcwd readv poll clock_gettime
#include "../../fuzz/wildptr.c"
