# SPDX-License-Identifier: MPL-2.0
"""Tasks of ostd (ostd/common/common/task_core.h) and the stacks of those that do not run."""
import gdb

from . import values

PARKED, TOKEN, ENDED = 2, 1, 4
REGISTERS = ("rip", "rsp", "rbp", "rbx", "r12", "r13", "r14", "r15")
# Where jump_fcontext of Boost.Context leaves them, from the saved stack pointer on; what it returns to comes last.
SAVED = {"r12": 0x08, "r13": 0x10, "r14": 0x18, "r15": 0x20, "rbx": 0x28, "rbp": 0x30, "rip": 0x38}
SAVED_SIZE = 0x40


def cpus():
    """The records of the CPUs that have started."""
    table = values.symbol("ostd::common::cpus", "the CPUs")
    low, high = table.type.range()
    return [table[i] for i in range(low, high + 1) if bool(table[i]["online"])]


def tasks():
    """All tasks, the oldest first; the idle tasks of the CPUs are not among them."""
    found, at = [], values.symbol("ostd::common::all_tasks", "the list of tasks")
    while int(at) != 0:
        found.append(at.dereference())
        at = found[-1]["all_next"]
        if len(found) > values.LIMIT:
            raise values.Unreadable("the list of tasks does not end: it is damaged")
    return sorted(found, key=lambda task: int(task["id"]))


def name(task):
    return values.text_words(task["name"])


def state(task):
    bits, cpu = values.number(task["state"]), values.number(task["cpu"])
    if values.number(task["ended"]) or bits & ENDED:
        return "ended"
    if values.number(task["on_cpu"]):
        for record in cpus():
            if int(record["index"]) == cpu and int(record["current"]) == int(task.address):
                return "user" if bool(values.number(record["in_user"])) else "running"
        return "running"
    if bits & PARKED and not bits & TOKEN:
        return "new" if int(task["entry"]["obj_"]) != 0 else "sleeping"
    return "ready"


def switched_out(task):
    """The registers a task goes on with, or None while it runs."""
    if values.number(task["on_cpu"]) or int(task["context"]) == 0 or values.number(task["ended"]):
        return None
    context = int(task["context"])
    low, size = int(task["stack"]["low"]), int(task["stack"]["size"])
    if not low <= context <= low + size - SAVED_SIZE:
        raise values.Unreadable(f"task {int(task['id'])}: its context {context:#x} is not on its stack")
    saved = {name: int.from_bytes(values.memory(context + at, 8), "little") for name, at in SAVED.items()}
    saved["rsp"] = context + SAVED_SIZE
    return saved


def started(task):
    """A task that never ran has no frames but the one that make_fcontext made up."""
    return int(task["entry"]["obj_"]) == 0


# Where a task waits is more telling than the functions that wait for it.
WAITING = ("ostd::common::", "ostd::task::", "ostd::WaitQueue", "ostd::detail::", "ostd::target::", "ostd::host::")
# Below these there is nothing of the task's own.
ENTRY = ("run_entry", "first_entry", "make_fcontext", "ostd::Fn<", "_ZZN4ostd2Fn")


def frames(registers):
    """Return addresses by the chain of frame pointers (all code keeps them), innermost first."""
    found, pc, frame = [], registers["rip"], registers["rbp"]
    for _ in range(64):
        found.append(pc)
        try:
            words = values.memory(frame, 16)
        except gdb.MemoryError:
            break
        above, pc = int.from_bytes(words[:8], "little"), int.from_bytes(words[8:], "little")
        if pc == 0 or above <= frame:
            break
        frame = above
    return found


def place(task):
    """One line about where a task is."""
    if not started(task):
        return "not started"
    registers = switched_out(task)
    if registers is None:
        return ""
    found = [values.function_at(pc - 1) for pc in frames(registers)]
    end = next((i for i, text in enumerate(found) if i and text.startswith(ENTRY)), len(found))
    return next((text for text in found[:end] if not text.startswith(WAITING)), found[end - 1])


def list_tasks(arguments):
    if arguments:
        raise values.Unreadable("`albireo tasks` takes no arguments")
    print(f"{'ID':>5}  {'STATE':8}  CPU  {'NAME':15}  WHERE")
    for task in tasks():
        try:
            where = place(task)
        except (values.Unreadable, gdb.MemoryError) as problem:
            where = f"<{problem}>"
        print(f"{int(task['id']):>5}  {state(task):8}  {values.number(task['cpu']):>3}  {name(task):15}  {where}".rstrip())
    for record in cpus():
        if int(record["current"]) == int(record["idle"].address):
            print(f"{'-':>5}  {'idle':8}  {int(record['index']):>3}")


def find(text):
    try:
        wanted = int(text, 0)
    except ValueError:
        raise values.Unreadable(f"{text!r} is no task id; `albireo tasks` lists them") from None
    for task in tasks():
        if int(task["id"]) == wanted:
            return task
    raise values.Unreadable(f"there is no task {wanted}; `albireo tasks` lists them")


def _thread_on(task):
    """gdb's thread whose stack pointer is on this task's stack."""
    low, size = int(task["stack"]["low"]), int(task["stack"]["size"])
    chosen = gdb.selected_thread()
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            if low <= int(gdb.newest_frame().read_register("rsp")) <= low + size:
                return thread
    finally:
        chosen.switch()
    return None


def backtrace(task):
    number = int(task["id"])
    if not started(task):
        print(f"task {number} has not run yet")
        return
    registers = switched_out(task)
    chosen = gdb.selected_thread()
    if chosen is None:
        raise values.Unreadable("there is no program")
    if registers is None:
        thread = _thread_on(task)
        if thread is None:
            print(f"task {number} runs on CPU {values.number(task['cpu'])}, in user mode or on another stack")
            return
        try:
            thread.switch()
            gdb.execute("backtrace")
        finally:
            chosen.switch()
        return
    # gdb unwinds from registers: lend it the task's and put the thread's own back.
    frame = gdb.selected_frame()
    gdb.newest_frame().select()
    own = {name: int(gdb.newest_frame().read_register(name)) for name in REGISTERS}
    level = frame.level()
    try:
        for name in REGISTERS:
            gdb.execute(f"set ${name} = {registers[name] & 2**64 - 1:#x}")
        gdb.execute("backtrace")
    finally:
        for name in REGISTERS:
            gdb.execute(f"set ${name} = {own[name] & 2**64 - 1:#x}")
        gdb.execute(f"frame {level}", to_string=True)


def one_task(arguments):
    if not 1 <= len(arguments) <= 2 or len(arguments) == 2 and arguments[1] != "bt":
        raise values.Unreadable("use: albireo task N [bt]")
    task = find(arguments[0])
    print(f"task {int(task['id'])} {name(task)!r}: {state(task)}, CPU {values.number(task['cpu'])}, "
          f"stack {int(task['stack']['low']):#x} + {int(task['stack']['size']):#x}")
    if len(arguments) == 2:
        backtrace(task)
