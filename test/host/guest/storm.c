// SPDX-License-Identifier: MPL-2.0
// Many processes and threads that change their memory at random and check what they wrote. Argument: milliseconds (1000).
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kAreas = 12, kPages = 24, kThreads = 4, kChildren = 4 };

static uint64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
static uint64_t end;
static void fail(const char* what, long where) {
  printf("FAIL pid %d: %s %ld\n", getpid(), what, where);
  _exit(1);
}

struct area {
  uint64_t* at;
  uint64_t tag[kPages];
};
static uint32_t next(uint32_t* seed) { return *seed = *seed * 1664525u + 1013904223u; }

static void check(struct area* a, int i) {
  for (int p = 0; p < kPages; p++)
    if (a->at[p * 512 + (unsigned)i % 512] != (a->tag[p] ? a->tag[p] : 0)) fail("page", p);
}
static void* worker(void* arg) {
  uint32_t seed = (uint32_t)(uintptr_t)arg;
  struct area areas[kAreas];
  memset(areas, 0, sizeof areas);
  for (uint64_t round = 1; now_ms() < end; round++) {
    struct area* a = &areas[next(&seed) % kAreas];
    if (!a->at) {
      a->at = mmap(0, kPages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (a->at == MAP_FAILED) fail("mmap", 0);
      memset(a->tag, 0, sizeof a->tag);
      continue;
    }
    const uint32_t what = next(&seed) >> 8, page = next(&seed) >> 8;
    switch (what % 6) {
      case 0:
        munmap(a->at, kPages * 4096);
        a->at = 0;
        break;
      case 1:
        mprotect(a->at, kPages * 4096, PROT_READ);
        check(a, (int)page);
        mprotect(a->at, kPages * 4096, PROT_READ | PROT_WRITE);
        break;
      case 2: {
        const uint32_t p = page % kPages;  // a hole, then fresh zeros in it
        munmap(a->at + p * 512, 4096);
        if (mmap(a->at + p * 512, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) fail("mmap", 1);
        a->tag[p] = 0;
        break;
      }
      default: {
        const uint32_t p = page % kPages;
        a->tag[p] = round << 20 ^ seed;
        for (int i = 0; i < 512; i++) a->at[p * 512 + (uint32_t)i] = a->tag[p];
        check(a, (int)next(&seed));
      }
    }
  }
  return 0;
}
static volatile uint64_t parents_word = 1;
static void process(int number) {
  pthread_t t[kThreads];
  for (long i = 0; i < kThreads; i++)
    if (pthread_create(&t[i], 0, worker, (void*)(i * 7919 + number * 104729 + 1))) fail("thread", i);
  for (long i = 0; i < kThreads; i++) pthread_join(t[i], 0);
}
static void forker(void) {
  for (uint64_t n = 0; now_ms() < end; n++) {
    const int pid = fork();
    int status = 0;
    if (pid < 0) fail("fork", (long)n);
    if (pid == 0) {
      const uint64_t seen = parents_word;
      parents_word = 0;
      _exit(seen == n + 1 ? 0 : 1);
    }
    parents_word = n + 2;
    if (waitpid(pid, &status, 0) != pid || status != 0) fail("child", (long)n);
  }
}
int main(int argc, char** argv) {
  setvbuf(stdout, 0, _IOLBF, 0);
  end = now_ms() + (argc > 1 ? (uint64_t)atoi(argv[1]) : 1000);
  for (int i = 0; i < kChildren; i++)
    if (fork() == 0) {
      if (i == 0) forker();
      else process(i);
      _exit(0);
    }
  int bad = 0;
  for (int i = 0; i < kChildren; i++) {
    int status = 0;
    if (wait(&status) < 0 || status != 0) bad = 1;
  }
  printf(bad ? "FAILED\n" : "ok\n");
  return bad;
}
