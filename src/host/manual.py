#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""manual HEADER SECTION3NAME VERSION - a man page with all that a public header declares and says."""
import pathlib
import re
import sys

header, name, version = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
text = header.read_text()
head = re.match(r"/\* SPDX[^\n]*\n \*\n(.*?)\n \*/", text, re.S)[1]
head = re.sub(r"^ \* ?", "", head, flags=re.M)
title, _, rest = head.partition("\n")
rest = rest[:rest.rindex("Layer:")]


def roff(s):
    s = s.replace("\\", "\\e")
    return re.sub(r"^([.'])", r"\\&\1", s, flags=re.M)


body = text[text.index('extern "C"'):]
body = body[body.index("#endif") + 6:body.rindex("#ifdef __cplusplus")]
print(f'.TH {name.upper()} 3 "" "libsio {version}" "Library functions"')
print(".SH NAME\n" + roff(title))
print(f".SH SYNOPSIS\n.B #include <sio/{header.name}>\n.PP\ncc program.c $(pkg\\-config \\-\\-cflags \\-\\-libs sio)")
print(f".SH DESCRIPTION\n.nf\n{roff(rest.strip())}\n.fi")
sections = re.split(r"^/\* ---- (.*?) ---- \*/$", body, flags=re.M)
for title, part in zip(["basics", *sections[1::2]], sections[0::2]):
    print(f".SH {roff(title.upper())}\n.nf\n{roff(part.strip())}\n.fi")
