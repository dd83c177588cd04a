// SPDX-License-Identifier: MPL-2.0
// Numbers that assembly and C++ share; cpu_area.h and user/context.h check them. Included by .S files: only #defines.
#pragma once

#define CPU_FPU_LIVE 12
#define CPU_REGS_TOP 24
#define CPU_SCRATCH 32
#define CPU_TRAP_ERROR 40
#define CPU_TASK_STACK 48
#define CPU_TSS_RSP0 64
#define CPU_KERNEL_CR3 232
#define CPU_USER_CR3 240
#define CPU_ENTRY_MSR 248
#define CPU_ENTRY_VALUE 252
#define CPU_EXIT_VALUE 56

#define SEL_KERNEL_CODE 0x08
#define SEL_KERNEL_DATA 0x10
#define SEL_USER_DATA 0x23
#define SEL_USER_CODE 0x2b
#define SEL_TSS 0x30

// UserRegs, relative to its end of pushes (&fs_base): the syscall entry pushes downwards from there.
#define REG_R15 (-144)
#define REG_R14 (-136)
#define REG_R13 (-128)
#define REG_R12 (-120)
#define REG_RBP (-112)
#define REG_RBX (-104)
#define REG_R11 (-96)
#define REG_R10 (-88)
#define REG_R9 (-80)
#define REG_R8 (-72)
#define REG_RAX (-64)
#define REG_RCX (-56)
#define REG_RDX (-48)
#define REG_RSI (-40)
#define REG_RDI (-32)
#define REG_RIP (-24)
#define REG_RSP (-16)
#define REG_RFLAGS (-8)

#define TRAP_STUB_SIZE 16
#define IST_STACK_SIZE 0x4000

#define EVENT_SYSCALL 256

#define AP_TRAMPOLINE 0x8000
#define MSR_GS_BASE 0xc0000101
#define MSR_SPEC_CTRL 0x48
