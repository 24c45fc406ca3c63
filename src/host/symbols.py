#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""symbols HEADER... - a linker's version script with the functions that the headers declare, so that libsio.so shows those alone."""
import pathlib
import re
import sys

names = set()
for header in sys.argv[1:]:
    code = re.sub(r"/\*.*?\*/", "", pathlib.Path(header).read_text(), flags=re.S)
    code = re.sub(r"\([^()]*\(\*[^()]*\)[^;]*?;", "(;", code)  # members and parameters that are functions
    names |= {m[1] for m in re.finditer(r"^(?!typedef)[\w *]*?\b(sio_\w+)\(", code, re.M)}
print("{ global:", *(f"{name};" for name in sorted(names)), "local: *; };", sep="\n")
