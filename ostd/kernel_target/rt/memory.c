// SPDX-License-Identifier: MPL-2.0
// The memory functions that compilers call. 64-byte blocks through general registers; large ones by `rep` where the processor
// says that this is fast (memory_use_rep is set at boot; emulators are slow at it).
#include <stddef.h>
#include <stdint.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word;
typedef uint32_t __attribute__((may_alias, aligned(1))) half;
unsigned char memory_use_rep = 0;

void* memcpy(void* restrict to, const void* restrict from, size_t n) {
  unsigned char* d = to;
  const unsigned char* s = from;
  if (n >= 16) {
    if (n >= 512 && memory_use_rep) {
      __asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n)::"memory");
      return to;
    }
    const word last_a = *(const word*)(s + n - 16), last_b = *(const word*)(s + n - 8);
    unsigned char* const end = d + n;
    for (; n >= 64; n -= 64, d += 64, s += 64) {
      const word* a = (const word*)s;
      const word v0 = a[0], v1 = a[1], v2 = a[2], v3 = a[3], v4 = a[4], v5 = a[5], v6 = a[6], v7 = a[7];
      word* b = (word*)d;
      b[0] = v0, b[1] = v1, b[2] = v2, b[3] = v3, b[4] = v4, b[5] = v5, b[6] = v6, b[7] = v7;
    }
    for (; n >= 16; n -= 16, d += 16, s += 16) {
      const word v0 = ((const word*)s)[0], v1 = ((const word*)s)[1];
      ((word*)d)[0] = v0, ((word*)d)[1] = v1;
    }
    *(word*)(end - 16) = last_a, *(word*)(end - 8) = last_b;
    return to;
  }
  if (n >= 8) {
    const word a = *(const word*)s, b = *(const word*)(s + n - 8);
    *(word*)d = a, *(word*)(d + n - 8) = b;
  } else if (n >= 4) {
    const half a = *(const half*)s, b = *(const half*)(s + n - 4);
    *(half*)d = a, *(half*)(d + n - 4) = b;
  } else if (n != 0) {
    const unsigned char a = s[0], b = s[n / 2], c = s[n - 1];
    d[0] = a, d[n / 2] = b, d[n - 1] = c;
  }
  return to;
}

void* memset(void* to, int value, size_t n) {
  unsigned char* d = to;
  const uint64_t v = 0x0101010101010101ULL * (unsigned char)value;
  if (n >= 8) {
    if (n >= 512 && memory_use_rep) {
      __asm__ volatile("rep stosb" : "+D"(d), "+c"(n) : "a"(value) : "memory");
      return to;
    }
    unsigned char* const end = d + n;
    for (; n >= 64; n -= 64, d += 64) {
      word* b = (word*)d;
      b[0] = v, b[1] = v, b[2] = v, b[3] = v, b[4] = v, b[5] = v, b[6] = v, b[7] = v;
    }
    for (; n >= 8; n -= 8, d += 8) *(word*)d = v;
    *(word*)(end - 8) = v;
    return to;
  }
  for (; n != 0; --n, ++d) *(volatile unsigned char*)d = (unsigned char)value;
  return to;
}

void* memmove(void* to, const void* from, size_t n) {
  unsigned char* d = to;
  const unsigned char* s = from;
  if ((uintptr_t)d - (uintptr_t)s >= n) {
    // Forward is right also when they overlap with d below s, but memcpy's order of loads and stores is only safe apart.
    if ((uintptr_t)s - (uintptr_t)d >= n) return memcpy(to, from, n);
    for (; n >= 8; n -= 8, d += 8, s += 8) *(word*)d = *(const word*)s;
    for (; n != 0; --n, ++d, ++s) *(volatile unsigned char*)d = *s;
    return to;
  }
  for (; n >= 8; n -= 8) *(word*)(d + n - 8) = *(const word*)(s + n - 8);
  for (; n != 0; --n) ((volatile unsigned char*)d)[n - 1] = s[n - 1];
  return to;
}

int memcmp(const void* a, const void* b, size_t n) {
  const unsigned char *x = a, *y = b;
  for (; n >= 8 && *(const word*)x == *(const word*)y; n -= 8, x += 8, y += 8) {
  }
  for (; n != 0; --n, ++x, ++y)
    if (*x != *y) return *x - *y;
  return 0;
}
int bcmp(const void* a, const void* b, size_t n) { return memcmp(a, b, n); }

void* memchr(const void* a, int c, size_t n) {
  for (const unsigned char* x = a; n != 0; --n, ++x)
    if (*x == (unsigned char)c) return (void*)x;
  return NULL;
}

size_t strlen(const char* s) {
  size_t n = 0;
  while (*(const volatile char*)(s + n)) ++n;
  return n;
}
