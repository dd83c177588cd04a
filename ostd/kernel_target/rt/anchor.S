// SPDX-License-Identifier: MPL-2.0
// Meson wants every executable to have a source; all else of a kernel image comes in libraries.
    .section .note.GNU-stack, "", @progbits
