#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# gcc, g++ and make: C and C++, threads, exceptions, shared and static libraries, musl.
cat > a.cc <<'END'
#include <iostream>
#include <thread>
#include <vector>
#include <atomic>
thread_local int mine = 5;
int main() {
  std::atomic<int> n{0};
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i) all.emplace_back([&] { n += ++mine; });
  for (auto& t : all) t.join();
  try { throw 7; } catch (int i) { std::cout << "threads " << n << ", caught " << i << std::endl; }
}
END
g++ -O1 -pthread a.cc -o a && ./a
printf 'all: prog\n\nprog: x.o libfun.so\n\tgcc $< -L. -lfun -Wl,-rpath,. -o $@\nlibfun.so: fun.c\n\tgcc -shared -fPIC $< -o $@\n%%.o: %%.c\n\tgcc -g -c $< -o $@\n' > Makefile
echo '#include <stdio.h>
#include <dlfcn.h>
int fun(void); int main(void){ void *h = dlopen("./libfun.so", RTLD_NOW); int (*f)(void) = (int (*)(void))dlsym(h, "fun"); printf("%d %d\n", fun(), f() == fun() - 1); return 4; }' > x.c
echo 'int fun(void){static int n = 6; return ++n;}' > fun.c
make -j2; ./prog; echo "status $?"; make; touch fun.c; make
for how in -static -static-pie -no-pie -pie; do echo 'int main(){return 9;}' > s.c; gcc $how s.c -o s && ./s; echo "$how $?"; done
musl-gcc s.c -o m && ./m; echo "musl $?"; musl-gcc -static s.c -o m && ./m; echo "musl static $?"
readelf -l m | grep -c LOAD; nm prog | grep -c ' T main'; echo 'syntax error' > bad.c; gcc -c bad.c 2>/dev/null; echo "bad $?"
ldd prog | awk '{print $1}' | grep -v vdso; LD_PRELOAD=./libfun.so /bin/true; echo "preload $?"; LD_SHOW_AUXV=1 /bin/true | grep -E 'PAGESZ|CLKTCK|PHENT|SECURE|PLATFORM|UID|GID|FLAGS'
