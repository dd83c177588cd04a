// SPDX-License-Identifier: MPL-2.0
// Nothing: executables need one source of their own.
