// SPDX-License-Identifier: MPL-2.0
// What user mode must keep and tell, seen from a program: registers, vectors, red zone, faults, fork, threads, preemption.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;
#define CHECK(x) ((x) ? (void)0 : (void)(printf("FAIL %s:%d %s\n", __FILE__, __LINE__, #x), failures++))

static long getppid_here(void) {
  long r;
  __asm__ volatile("mov $110,%%eax; syscall" : "=a"(r)::"rcx", "r11", "memory");
  return r;
}

// Everything but rax, rcx and r11 survives a system call: registers, carry flag, red zone, vector registers.
long keep(long patchable, uint64_t* out);
__asm__(
    ".globl keep\nkeep:\n push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15; mov %rsi,%r9; mov %rdi,%r8\n"
    "movq $0x5a5a,-8(%rsp); movq $0x7777,-128(%rsp)\n"
    "mov $0x11,%rbx; mov $0x22,%rbp; mov $0x33,%r12; mov $0x44,%r13; mov $0x55,%r14; mov $0x66,%r15\n"
    "mov $0x77,%rdi; mov $0x88,%rsi; mov $0x99,%rdx; mov $0xaa,%r10\n"
    "pcmpeqd %xmm0,%xmm0; movdqa %xmm0,%xmm15; psrld $7,%xmm15; movdqa %xmm15,%xmm7\n"
    "test %r8,%r8; jz 1f; stc; mov $110,%eax; syscall; jmp 2f\n1: mov $110,%eax; stc; syscall\n2:"
    "setc %al; movzbl %al,%eax; mov %rax,(%r9); mov -8(%rsp),%rax; mov %rax,8(%r9); mov -128(%rsp),%rax; mov %rax,16(%r9)\n"
    "lea (%rbx,%rbp),%rax; add %r12,%rax; add %r13,%rax; add %r14,%rax; add %r15,%rax; add %rdi,%rax; add %rsi,%rax\n"
    "add %rdx,%rax; add %r10,%rax; mov %rax,24(%r9)\n"
    "pcmpeqd %xmm15,%xmm7; pand %xmm0,%xmm7; movdqu %xmm7,32(%r9)\n"
    "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n");
static void registers(void) {
  for (int round = 0; round < 200; round++) {
    uint64_t o[6] = {0};
    keep(round & 1, o);
    CHECK(o[0] == 1 && o[1] == 0x5a5a && o[2] == 0x7777);
    CHECK(o[3] == 0x11 + 0x22 + 0x33 + 0x44 + 0x55 + 0x66 + 0x77 + 0x88 + 0x99 + 0xaa);
    CHECK(o[4] == ~0UL && o[5] == ~0UL);
  }
}

// The widest vectors the processor has, over system calls, faults and preemption.
__attribute__((target("avx512f"))) static void wide512(volatile char* page) {
  uint8_t in[64], out[64];
  for (int i = 0; i < 64; i++) in[i] = (uint8_t)(i * 7 + getpid());
  for (int round = 0; round < 64; round++) {
    __asm__ volatile(
        "vmovdqu64 %1,%%zmm31; kmovw %3,%%k3; mov $110,%%eax; syscall; movb $1,(%2); vmovdqu64 %%zmm31,%0; kmovw %%k3,%%eax; mov %%eax,%%r8d"
        : "=m"(out) : "m"(in), "r"(page + round * 4096), "r"(0x5a5a) : "rax", "rcx", "r11", "r8", "memory", "xmm31", "k3");
    CHECK(memcmp(in, out, 64) == 0);
  }
}
__attribute__((target("avx"))) static void wide256(volatile char* page) {
  uint8_t in[32], out[32];
  for (int i = 0; i < 32; i++) in[i] = (uint8_t)(i * 7 + getpid());
  for (int round = 0; round < 64; round++) {
    __asm__ volatile("vmovdqu %1,%%ymm9; mov $110,%%eax; syscall; movb $1,(%2); vmovdqu %%ymm9,%0"
                     : "=m"(out) : "m"(in), "r"(page + round * 4096) : "rax", "rcx", "r11", "memory", "xmm9");
    CHECK(memcmp(in, out, 32) == 0);
  }
}
static void vectors(void) {
  char* page = mmap(0, 128 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (__builtin_cpu_supports("avx")) wide256(page);
  if (__builtin_cpu_supports("avx512f")) wide512(page + 64 * 4096);
  munmap(page, 128 * 4096);
}

static void memory(void) {
  for (int i = 0; i < 200; i++) {
    size_t n = 1 + (size_t)rand() % 500000;
    char* p = malloc(n);
    memset(p, i, n);
    CHECK(p[n - 1] == (char)i);
    free(p);
  }
  void* keep_[64];
  for (int i = 0; i < 64; i++) keep_[i] = malloc(1000 * i + 1);
  for (int i = 0; i < 64; i++) free(keep_[i]);
}

// The signal that a child dies of when it does `what`.
static void divide(void) { volatile int z = 0; z = 100 / z; }
static void null_write(void) { *(volatile int*)8 = 1; }
static void undefined(void) { __asm__ volatile("ud2"); }
static void text_write(void) { *(volatile int*)(void*)memory = 1; }
static void stack_exec(void) { char code[16] = {(char)0xc3}; ((void (*)(void))code)(); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void single_step(void) { __asm__ volatile("pushfq; orq $0x100,(%%rsp); popfq; nop; nop" ::: "memory", "cc"); }
static void halt(void) { __asm__ volatile("hlt"); }
static void old_gate(void) { __asm__ volatile("int $0x80" ::"a"(20) : "memory"); }
static void wild_jump(void) { ((void (*)(void))0x1234567890abcdefUL)(); }
static void vsyscall(void) { ((long (*)(long*))0xffffffffff600400UL)(0); }
static void above(void) { *(volatile long*)0x7ffffffff010 = 1; }
static void jump_above(void) { ((void (*)(void))0x7fffffff0000UL)(); }
static void float_divide(void) {
  unsigned csr = 0x1f80 & ~0x200u;
  volatile double z = 0, one = 1;
  __asm__ volatile("ldmxcsr %0" ::"m"(csr));
  z = one / z;
}
static int dies_of(void (*what)(void)) {
  int pid = fork(), status = 0;
  if (pid == 0) {
    what();
    _exit(0);
  }
  CHECK(waitpid(pid, &status, 0) == pid);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}
static void faults(void) {
  CHECK(dies_of(divide) == SIGFPE);
  CHECK(dies_of(null_write) == SIGSEGV);
  CHECK(dies_of(undefined) == SIGILL);
  CHECK(dies_of(text_write) == SIGSEGV);
  CHECK(dies_of(stack_exec) == SIGSEGV);
  CHECK(dies_of(breakpoint) == SIGTRAP);
  CHECK(dies_of(single_step) == SIGTRAP);
  CHECK(dies_of(halt) == SIGSEGV);
  CHECK(dies_of(old_gate) == SIGSEGV);
  CHECK(dies_of(wild_jump) == SIGSEGV);
  CHECK(dies_of(vsyscall) == SIGSEGV);
  CHECK(dies_of(above) == SIGSEGV);
  CHECK(dies_of(jump_above) == SIGSEGV);
  CHECK(dies_of(float_divide) == SIGFPE);
}

static int data = 1;
static void forks(void) {
  volatile double d = 1.5;
  unsigned csr = 0x9f80;  // flush to zero must be inherited
  int status = 0;
  __asm__ volatile("ldmxcsr %0" ::"m"(csr));
  int pid = fork();
  if (pid == 0) {
    unsigned mine;
    __asm__ volatile("stmxcsr %0" : "=m"(mine));
    data = 2;
    _exit(mine == 0x9f80 && d == 1.5 && getppid() == 1 && getppid_here() == 1 ? 42 : 1);
  }
  CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 42 && data == 1);
  csr = 0x1f80;
  __asm__ volatile("ldmxcsr %0" ::"m"(csr));
  for (int i = 0; i < 20; i++)
    if (fork() == 0) {
      volatile char b[40000];
      b[0] = (char)i;
      b[39999] = (char)i;
      _exit(b[0] == i && b[39999] == i ? 0 : 1);
    }
  for (int i = 0; i < 20; i++) CHECK(waitpid(-1, &status, 0) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static volatile long shared;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread int local = 7;
static void* adder(void* a) {
  local++;
  for (int i = 0; i < 10000; i++) {
    pthread_mutex_lock(&lock);
    shared++;
    pthread_mutex_unlock(&lock);
    getppid_here();
  }
  return (void*)((long)a + local);
}
static volatile int stop;
static void* spinner(void* a) {
  while (!stop) {}
  return a;
}
static void threads(void) {
  pthread_t t[6];
  void* r;
  for (long i = 0; i < 6; i++) CHECK(!pthread_create(&t[i], 0, adder, (void*)i));
  for (long i = 0; i < 6; i++) {
    pthread_join(t[i], &r);
    CHECK((long)r == i + 8);
  }
  CHECK(shared == 60000 && local == 7);
  pthread_create(&t[0], 0, spinner, 0);
  for (volatile long i = 0; i < 30000000; i++) {}
  stop = 1;
  pthread_join(t[0], 0);
}

// A thread caught between the two instructions of a site, and a program that uses %gs itself.
static void odd_sites(void) {
  for (long i = 0; i < 6; i++) {
    long r;
    __asm__ volatile("mov $39,%%eax; test %1,%1; jz 1f; jmp 2f\n1: mov $39,%%eax\n2: syscall"
                     : "=&a"(r) : "r"(i & 1) : "rcx", "r11", "memory");
    CHECK(r == getpid());
  }
  int pid = fork(), status = 0;
  if (pid == 0) {
    static long area[64];
    getppid_here();
    __asm__ volatile("wrgsbase %0" ::"r"(area));
    area[1] = 77;
    long v;
    int good = getppid_here() == 1 && getppid_here() == 1;
    __asm__ volatile("mov %%gs:8,%0" : "=r"(v));
    for (int i = 0; i < 64; i++) good &= area[i] == (i == 1 ? 77 : 0);
    _exit(good && v == 77 ? 5 : 1);
  }
  CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 5);
}

int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  struct { const char* name; void (*run)(void); } all[] = {{"registers", registers}, {"vectors", vectors}, {"memory", memory},
    {"faults", faults}, {"forks", forks}, {"threads", threads}, {"odd sites", odd_sites}};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) {
    all[i].run();
    printf("%s: done\n", all[i].name);
  }
  printf(failures ? "FAILED %d\n" : "ok\n", failures);
  return failures != 0;
}
