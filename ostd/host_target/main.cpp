// SPDX-License-Identifier: MPL-2.0
// main() of every program that is a host machine; compiled into each of them (the rest is in ostd_h).
#include "start.h"

int main(int argc, char** argv) { ostd::host::start_machine(argc, argv); }
