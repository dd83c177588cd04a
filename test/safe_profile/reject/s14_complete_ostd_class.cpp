// expect: S14 +
// SPDX-License-Identifier: MPL-2.0
#include <ostd/task.h>
struct ostd::Task::Core { int x = 0; };
