// SPDX-License-Identifier: MPL-2.0
// What compiled C++ calls without being asked: ABI functions, hardening failures, the checks of base.
#include <base/trap.h>
#include <base/types.h>
#include <cstdarg>
#include <new>

extern "C" {
extern void* const __dso_handle;
void* const __dso_handle = nullptr;
[[noreturn]] void __cxa_pure_virtual() { ostd::panic("a pure virtual function was called"); }
// Destructors of statics never run: the machine does not end, it is switched off.
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
[[noreturn]] void _exit(int) { ostd::panic("a fiber's function returned"); }
[[noreturn]] void abort() { ostd::panic("abort"); }
[[noreturn]] void albireo_libcxx_assertion(const char* message) { ostd::panic(message); }
}

_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) { ostd::panic(format); }
_LIBCPP_END_NAMESPACE_STD
namespace std {
extern const nothrow_t nothrow;
const nothrow_t nothrow{};
}
