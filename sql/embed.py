# SPDX-License-Identifier: MIT
# Writes the migrations named on the command line, in their order, as one C table for migrate.c: embed.py OUT FILE...
import pathlib
import sys

out, files = sys.argv[1], sys.argv[2:]
lines = ['/* Made by sql/embed.py. */', '']
for n, name in enumerate(files, 1):
    path = pathlib.Path(name)
    if int(path.name[:4]) != n:
        sys.exit(f'{path.name}: migrations are numbered without a gap; this one should be {n:04}')
    lines.append(f'static const char sql_{n}[] = {{')
    data = path.read_bytes() + b'\0'
    lines += ['\t' + ' '.join(f'{b},' for b in data[i:i + 24]) for i in range(0, len(data), 24)]
    lines += ['};', '']
lines.append('static const struct migration migrations[] = {')
lines += [f'\t{{ "{pathlib.Path(f).stem}", sql_{n} }},' for n, f in enumerate(files, 1)]
lines += ['};', '']
pathlib.Path(out).write_text('\n'.join(lines))
