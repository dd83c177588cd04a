# SPDX-License-Identifier: MPL-2.0
"""Processes and threads of services/process, from the tree that the system object holds."""
from . import tasks, values


def system():
    """svc::proc::System of the machine."""
    root = values.symbol("ostd::common::debug_root", "the system object")
    if int(root) == 0:
        raise values.Unreadable("the services have not been built yet: let the program run on")
    return root.cast(values.type_named("svc::proc::System").pointer()).dereference()


def tree_state():
    """What ProcessTree keeps under its lock."""
    tree = values.reference(system()["p_"]["tree"], "the process tree")
    return values.reference(values.locked(tree["state_"])["s"], "the process tree's data")


def nodes():
    """[(pid, node)] in order of the pids."""
    return sorted(((values.number(key), node) for key, node in values.hash_map(tree_state()["nodes"])), key=lambda pair: pair[0])


def process(text):
    try:
        wanted = int(text, 0)
    except ValueError:
        raise values.Unreadable(f"{text!r} is no process id; `albireo processes` lists them") from None
    for pid, node in nodes():
        if pid == wanted:
            return values.reference(node["process"], f"process {pid}")
    raise values.Unreadable(f"there is no process {wanted}; `albireo processes` lists them")


def threads(of):
    return [values.reference(thread, "a thread") for _, thread in values.tree_map(values.locked(of["state_"])["threads"])]


def uses(thread, what):
    """vm, files, fs or cred of a thread, or None when it has ended."""
    return values.optional_reference(values.locked(thread["uses_"])[what])


def task_of(thread):
    """Its Task::Core, or None before it was started."""
    held = values.once(thread["task_"])
    return None if held is None else values.reference(held, "a task")["core_"].dereference()


def vm(of):
    for thread in threads(of):
        found = uses(thread, "vm")
        if found is not None:
            return found
    return None


def _state(node, of):
    if bool(node["zombie"]):
        return "zombie"
    if bool(values.locked(of["sig_"])["stopped"]):
        return "stopped"
    return "alive"


def list_processes(arguments):
    if arguments:
        raise values.Unreadable("`albireo processes` takes no arguments")
    print(f"{'PID':>6} {'PPID':>6} {'PGID':>6} {'SID':>6}  {'STATE':7}  {'PAGES':>6}  NAME")
    for pid, node in nodes():
        of = values.reference(node["process"], f"process {pid}")
        found = threads(of)
        memory = vm(of)
        pages = "-" if memory is None else \
            values.number(values.reference(memory["space_"], "an address space")["core_"]["resident"])
        leader = next((t for t in found if values.number(t["tid_"]) == pid), found[0] if found else None)
        name = values.string(values.locked(leader["uses_"])["name"]) if leader is not None else \
            values.string(values.locked(of["state_"])["leader_name"])
        print(f"{pid:>6} {values.number(of['words_']['parent']):>6} {values.number(of['words_']['group']):>6} {values.number(of['words_']['session']):>6}  "
              f"{_state(node, of):7}  {pages:>6}  {name}")
        for thread in found:
            task = task_of(thread)
            where = "no task yet" if task is None else f"task {int(task['id'])}, {tasks.state(task)}, CPU {values.number(task['cpu'])}"
            print(f"{'':>6}   thread {values.number(thread['tid_'])}: {where}")
