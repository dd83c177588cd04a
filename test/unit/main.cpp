// SPDX-License-Identifier: MPL-2.0
// Catch2's main, compiled once, and the panic of unit tests.
#define CATCH_CONFIG_MAIN
#include <base/trap.h>
#include <unit.h>

void ostd::panic(std::string_view message) { throw test::Panic{std::string(message)}; }
void ostd::check_failed(const char* what) { throw test::Panic{what}; }
