#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# python3: threads, processes, asyncio, ctypes, mmap, signals, files.
cat > t.py <<'END'
import asyncio, ctypes, mmap, multiprocessing, os, select, shutil, signal, subprocess, sys, tempfile, threading, time, socket, fcntl, errno, resource
def part(f):
    try: print(f.__name__, f(), flush=True)
    except BaseException as e: print(f.__name__, "failed:", type(e).__name__, e, flush=True)
def threads():
    lock, total = threading.Lock(), [0]
    def work():
        for _ in range(1000):
            with lock: total[0] += 1
    all = [threading.Thread(target=work) for _ in range(20)]
    [t.start() for t in all]; [t.join() for t in all]
    return total[0]
def condition():
    c, box = threading.Condition(), []
    def get():
        with c:
            while not box: c.wait(5)
    t = threading.Thread(target=get); t.start(); time.sleep(0.05)
    with c: box.append(1); c.notify()
    t.join(5); return t.is_alive(), threading.Event().wait(0.01)
def processes():
    a = subprocess.run("cat; echo err >&2; exit 3", shell=True, input=b"in", capture_output=True)
    try: subprocess.run(["sleep", "10"], timeout=0.2)
    except subprocess.TimeoutExpired: late = True
    p = subprocess.Popen(["sleep", "10"]); p.send_signal(signal.SIGTERM)
    try: subprocess.run(["/nonexistent"])
    except FileNotFoundError as e: missing = e.errno
    return a, late, p.wait(), missing
def pools():
    with multiprocessing.Pool(3) as p: r = p.map(abs, range(-50, 0))
    q = multiprocessing.Queue(); p = multiprocessing.Process(target=q.put, args=([1, "x"],)); p.start(); got = q.get(timeout=10); p.join()
    v = multiprocessing.Value("i", 0)
    def up():
        for _ in range(100):
            with v.get_lock(): v.value += 1
    ps = [multiprocessing.Process(target=up) for _ in range(3)]
    [p.start() for p in ps]; [p.join() for p in ps]
    return sum(r), got, v.value
def shared():
    from multiprocessing import shared_memory
    s = shared_memory.SharedMemory(create=True, size=100); t = shared_memory.SharedMemory(s.name); s.buf[3] = 9; r = t.buf[3]
    t.close(); s.close(); s.unlink(); return r
def async_io():
    async def main():
        p = await asyncio.create_subprocess_exec("cat", stdin=-1, stdout=-1); out = await p.communicate(b"async")
        done = await asyncio.gather(*(asyncio.sleep(0.01, i) for i in range(50)))
        loop = asyncio.get_running_loop(); e = asyncio.Event(); loop.add_signal_handler(signal.SIGUSR1, e.set); os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.wait_for(e.wait(), 5); r = await asyncio.to_thread(lambda: 8)
        try: await asyncio.wait_for(asyncio.sleep(5), 0.05)
        except asyncio.TimeoutError: r += 1
        return out, sum(done), r
    return asyncio.run(main())
def foreign():
    c = ctypes.CDLL(None, use_errno=True); r = c.open(b"/none", 0)
    back = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))(lambda a, b: a[0] - b[0])
    data = (ctypes.c_int * 5)(5, 2, 9, 1, 3); c.qsort(data, 5, 4, back); return r, ctypes.get_errno(), list(data)
def mapping():
    with open("m", "w+b") as f:
        f.truncate(10000); m = mmap.mmap(f.fileno(), 0); m[5000:5003] = b"abc"; m.flush(); f.seek(5000); r = f.read(3)
        f.seek(9000); f.write(b"zz"); f.flush(); r += m[9000:9002]; m.resize(20000); n = len(m); m.madvise(mmap.MADV_DONTNEED); return r, n, os.stat("m").st_size
def signals():
    got = []; signal.signal(signal.SIGUSR1, lambda s, f: got.append(s)); signal.setitimer(signal.ITIMER_REAL, 0.05); signal.signal(signal.SIGALRM, lambda s, f: got.append(s))
    os.kill(os.getpid(), signal.SIGUSR1); time.sleep(0.2); signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2]); os.kill(os.getpid(), signal.SIGUSR2)
    i = signal.sigwaitinfo([signal.SIGUSR2]); r, w = os.pipe(); os.set_blocking(w, False); signal.set_wakeup_fd(w); os.kill(os.getpid(), signal.SIGUSR1); time.sleep(0.01)
    return [int(g) for g in got], i.si_signo, i.si_code, os.read(r, 10)
def files():
    d = tempfile.mkdtemp(); open(d + "/a", "w").write("x" * 100000); shutil.copy(d + "/a", d + "/b"); os.link(d + "/a", d + "/c"); os.symlink("a", d + "/l")
    fd = os.open(d + "/a", os.O_RDWR); fcntl.lockf(fd, fcntl.LOCK_EX); fcntl.flock(fd, fcntl.LOCK_EX); os.sendfile(os.open(d + "/out", os.O_CREAT | os.O_WRONLY), fd, 0, 5000)
    r = sorted((e.name, e.is_symlink(), e.stat().st_size) for e in os.scandir(d)); os.posix_fallocate(fd, 0, 200000); shutil.rmtree(d); return r, os.fstat(fd).st_size, os.pread(fd, 3, 5)
def polling():
    r, w = os.pipe(); p = select.epoll(); p.register(r, select.EPOLLIN); a = p.poll(0.01); os.write(w, b"x"); return a, len(p.poll(1)), len(select.select([r], [w], [], 1)[1]), os.eventfd(3) > 0, os.memfd_create("m") > 0
def limits():
    resource.setrlimit(resource.RLIMIT_NOFILE, (50, 50))
    try: [os.dup(0) for _ in range(100)]
    except OSError as e: return errno.errorcode[e.errno], resource.getrlimit(resource.RLIMIT_NOFILE)
def database():
    import sqlite3; c = sqlite3.connect("db"); c.execute("pragma journal_mode=wal"); c.execute("create table t(a, b)"); c.executemany("insert into t values(?, ?)", ((i, "x" * i) for i in range(500))); c.commit()
    d = sqlite3.connect("db"); return d.execute("select sum(a), sum(length(b)) from t").fetchone(), c.execute("pragma integrity_check").fetchone()
if __name__ == "__main__":
    for f in (threads, condition, processes, pools, shared, async_io, foreign, mapping, signals, files, polling, database, limits): part(f)
END
python3 t.py 2>&1
python3 -m compileall -q t.py; python3 -c 'import sys; sys.exit(5)'; echo $?; echo 'print(input())' | python3 - 2>&1 | tail -1; python3 -m zipfile -c z.zip t.py && python3 -m zipfile -l z.zip | wc -l; python3 -m venv --without-pip v && v/bin/python -c 'import sys; print(sys.prefix != sys.base_prefix)'
