# SPDX-License-Identifier: MIT
"""rig - starts what is measured on one core and the load generator on another."""
import contextlib
import os
import pathlib
import re
import subprocess

top = pathlib.Path(__file__).resolve().parent.parent
build = top / "build-bench"
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


def on_core(core):
    return lambda: os.sched_setaffinity(0, {core})


@contextlib.contextmanager
def server(command, core=SERVER_CORE):
    """A server on its core: its process, and the port that it tells in a line that ends with it."""
    process = subprocess.Popen(command, cwd=top / "bench", stdout=subprocess.PIPE, text=True, preexec_fn=on_core(core))
    try:
        for line in process.stdout:
            if m := re.search(r"(?:ready|listening) .*:(\d+)\s*$", line):
                yield process, int(m[1])
                return
        raise SystemExit(f"bench: {command[0]} ended before it listened")
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run_load(program, *arguments, given=None, core=LOAD_CORE):
    """What a program of bench/ prints: numbers."""
    out = subprocess.run([build / "bench" / program, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True,
                         input=given, preexec_fn=on_core(core)).stdout
    return list(map(float, out.split()))


def figure(value, unit):
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()
