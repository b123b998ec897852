"""Runs every kernel in turn, round after round, and writes the medians to test/bench/kernel.md."""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from front_end import FrontEnd
from kernels import HERE, KERNELS, NODE, PEERS, PROJECT, write_modules, write_specs

ROWS = ["cold start to first idle", "cold start to first value", "trivial cell", "ten-line cell",
        "import of a 500-line module", "completion", "import of unrolled", "first cell prints", "first cell imports a 500-line module",
        "first cell imports unrolled", "resident after start (MB)", "resident when idle (MB)"]
TARGETS = {"cold start to first idle": "≤ 0.5", "cold start to first value": "≤ 0.5", "trivial cell": "≤ 0.7", "ten-line cell": "≤ 0.7",
           "import of a 500-line module": "≤ 0.5", "completion": "≤ 1", "import of unrolled": "< 150 ms"}
IDLE = 8  # seconds: by then our kernel has read all types ahead
IMPORT = 'import {{ lstm as lstm{n} }} from "unrolled";\ntypeof lstm{n}'


def one_round(name, folder, times, repeat, idle, cpu):
    kernel = KERNELS[name]
    fill = lambda what, n: kernel["asks"][what].format(n=n, suffix=kernel["suffix"])
    end = FrontEnd(name, folder, cpu)
    note = lambda row, value: times[row].append(value)
    try:
        note("cold start to first idle", end.start)
        note("resident after start (MB)", end.resident())
        note("cold start to first value", end.start + end.run(fill("trivial", 0)))
        for n in range(1, repeat + 1):
            note("trivial cell", end.run(fill("trivial", 10 * n)))
            note("ten-line cell", end.run(fill("ten lines", n)))
            note("completion", end.complete(fill("complete", n)))
            note("import of a 500-line module", end.run(fill("module", n)))
    finally:
        end.end()
    end = FrontEnd(name, folder, cpu)
    try:
        note("first cell imports a 500-line module", end.run(fill("module", 0)))
        if idle:
            time.sleep(IDLE)
            note("resident when idle (MB)", end.resident())
    finally:
        end.end()
    if "print" in kernel["asks"]:
        end = FrontEnd(name, folder, cpu)
        try:
            note("first cell prints", end.run(fill("print", 0)))
        finally:
            end.end()
    if name == "unrolled":
        end = FrontEnd(name, PROJECT / "notebooks", cpu)
        try:
            note("first cell imports unrolled", end.run(IMPORT.format(n=1)))
        finally:
            end.end()
        end = FrontEnd(name, PROJECT / "notebooks", cpu)
        try:
            end.run("1 + 1")
            time.sleep(2)  # a reader types; the compiler reads the library's types meanwhile
            note("import of unrolled", end.run(IMPORT.format(n=1)))
        finally:
            end.end()


def versions():
    run = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0].strip()
    of = lambda path: json.loads(Path(path).read_text())["version"]
    commit = run("git", "-C", str(PROJECT), "describe", "--always", "--dirty")
    from ipykernel import __version__ as ipykernel

    return (f"unrolled at {commit}, tslab {of(PEERS / 'tslab/package.json')}, deno {of(PEERS / 'deno/package.json')}, "
            f"ipykernel {ipykernel} on Python {platform.python_version()}, Node {run(str(NODE), '--version')[1:]}")


def phases():
    """Where the time of a cell goes, see phases.mjs."""
    done = subprocess.run([str(NODE), str(HERE / "phases.mjs")], capture_output=True, text=True, check=True)
    return f"```\n{done.stdout.strip()}\n```"


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), platform.machine()) \
        if os.path.exists("/proc/cpuinfo") else platform.processor()
    return f"{os.cpu_count()} × {cpu}, {platform.system()}, load {os.getloadavg()[0]:.1f} at the end"


def table(times, names, cpu):
    """The medians side by side; the targets are of times by the clock."""
    medians = {name: {row: statistics.median(values) for row, values in times[name].items()} for name in names}
    lines = [f"| {'CPU ms' if cpu else 'ms'}, medians | " + " | ".join(names) + " | unrolled ÷ tslab | target |", "|---|" + "---|" * (len(names) + 2)]
    for row in ROWS:
        cells = [f"{medians[name][row]:.1f}" if row in medians[name] else "–" for name in names]
        both = "tslab" in medians and row in medians["tslab"] and row in medians["unrolled"]
        ratio = f"{medians['unrolled'][row] / medians['tslab'][row]:.2f}" if both else "–"
        lines.append(f"| {row} | {' | '.join(cells)} | {ratio} | {'' if cpu else TARGETS.get(row, '')} |")
    return "\n".join(lines)


def main():
    ask = argparse.ArgumentParser(prog="npm run bench -- kernel")
    ask.add_argument("--rounds", type=int, default=9, help="fresh kernels of each")
    ask.add_argument("--repeat", type=int, default=10, help="cells of each kind in one kernel")
    ask.add_argument("--only", nargs="*", default=list(KERNELS), help="of " + " ".join(KERNELS))
    ask.add_argument("--cpu", action="store_true", help="milliseconds that the kernel computed, for a busy machine, in place of those by the clock")
    ask.add_argument("--dry", action="store_true", help="prints the table without writing it")
    asked = ask.parse_args()
    times = {name: defaultdict(list) for name in asked.only}
    with tempfile.TemporaryDirectory(prefix="unrolled bench ") as folder:
        write_specs(Path(folder) / "jupyter")
        work = Path(folder) / "work"
        work.mkdir()
        write_modules(work, asked.repeat + 1)
        for number in range(-1, asked.rounds):
            for name in asked.only:
                one_round(name, work, defaultdict(list) if number < 0 else times[name], asked.repeat, number == 0, asked.cpu)
            print(f"round {number + 1} of {asked.rounds}", flush=True)
    text = f"""# Kernels side by side

`npm run bench -- kernel{' --cpu' if asked.cpu else ''}` measured this on {datetime.date.today()}: {asked.rounds} fresh kernels of each, in turn, after one round to warm the
caches; {asked.repeat} cells of each kind in each; memory when idle once. {machine()}.
{versions()}.

{table(times, asked.only, asked.cpu)}

Deno checks no types, Python has none. The first idle is the answer to kernel_info, which ours gives from the thread of its
sockets; the first value is that of a trivial cell sent right after it, so it has the compiler's start in it.

{(HERE / "notes.md").read_text().replace("PHASES", "Left out with `--cpu`, since it goes by the clock." if asked.cpu else phases())}"""
    print(text)
    if not asked.dry:
        (HERE.parent / "kernel.md").write_text(text)


main()
