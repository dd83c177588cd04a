// SPDX-License-Identifier: MPL-2.0
// Precompiled for all unit tests.
#include <unit.h>
