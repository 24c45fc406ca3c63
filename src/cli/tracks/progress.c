/* SPDX-License-Identifier: MIT
 *
 * progress - see progress.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/tracks/progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/print.h"

enum {
	BAR_EVERY_MS = 100,
	LINE_EVERY_MS = 5000,
	BAR_MAX = 30, /* columns */
	BAR_MIN = 6,
	NAME_MIN = 12,
	COLUMNS = 80, /* of a terminal that does not say */
};

static int64_t now_ms(void)
{
	struct clock clock = clock_system();

	return clock_monotonic_ms(&clock);
}

struct progress progress_of(struct cli *c, struct str name)
{
	const char *term = getenv("TERM");
	int fd = fileno(c->err);

	return (struct progress){ .c = c,
		.name = name,
		.bar = fd >= 0 && isatty(fd) && term && strcmp(term, "dumb") != 0 };
}

/* "12.3 MB"; in the arena. */
static struct str bytes_text(struct cli *c, int64_t n)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB" };
	double value = (double)n / 1000;
	size_t unit = 0;

	if (n < 1000)
		return arena_printf(&c->arena, "%" PRId64 " B", n);
	for (; value >= 999.95 && unit + 1 < COUNT_OF(units); unit++)
		value /= 1000;
	return arena_printf(&c->arena, "%.1f %s", value, units[unit]);
}

/* "  3.2 MB/s  0:04 left", as far as it is known. */
static struct str speed_text(struct cli *c, const struct progress_state *s)
{
	if (s->rate <= 0)
		return STR("");
	struct str rate = bytes_text(c, s->rate);
	struct str left = print_duration(c, (s->total - s->done) * 1000 / s->rate);
	return arena_printf(
		&c->arena, "  " STR_FMT "/s  " STR_FMT " left", STR_ARG(rate), STR_ARG(left));
}

static struct str bar_text(struct cli *c, int percent, size_t columns)
{
	char *bar = arena_alloc(&c->arena, columns + 1);
	size_t full = columns * (size_t)percent / 100;

	if (!bar)
		return STR("");
	memset(bar, '#', full);
	memset(bar + full, '-', columns - full);
	return arena_printf(&c->arena, "[%s] ", bar);
}

struct str progress_line(
	struct cli *c, struct str name, const struct progress_state *s, size_t columns)
{
	int percent = s->total > 0 ? (int)(s->done * 100 / s->total) : 100;
	struct str speed = speed_text(c, s), all = bytes_text(c, s->total);
	struct str facts = arena_printf(
		&c->arena, "%3d %% of " STR_FMT STR_FMT, percent, STR_ARG(all), STR_ARG(speed));

	if (!columns)
		return arena_printf(&c->arena, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(facts));
	if (facts.n + 2 + NAME_MIN > columns)
		return print_fit(c, facts, columns);
	size_t room = columns - facts.n - 2; /* for the name and the bar */
	size_t bar = room / 2 > BAR_MAX ? BAR_MAX : room / 2;
	if (bar < BAR_MIN + 3)
		bar = 0;
	name = print_fit(c, name, room - bar);
	struct str drawn = bar ? bar_text(c, percent, bar - 3) : STR("");
	return arena_printf(&c->arena, STR_FMT "  " STR_FMT STR_FMT, STR_ARG(name), STR_ARG(drawn),
		STR_ARG(facts));
}

static void show(struct progress *p)
{
	struct cli line_of = *p->c, *c = &line_of;
	struct winsize size = { 0 };
	int64_t passed = p->told_ms - p->begun_ms;
	struct progress_state s = { p->done, p->total,
		passed > 0 ? (p->done - p->begun_bytes) * 1000 / passed : 0 };

	line_of.arena = (struct arena){ 0 }; /* of this line alone: there are many */
	if (p->bar && (ioctl(fileno(c->err), TIOCGWINSZ, &size) || !size.ws_col))
		size.ws_col = COLUMNS;
	/* One column stays free: a full line would wrap. */
	struct str line = progress_line(c, p->name, &s, p->bar ? size.ws_col - 1u : 0);
	fprintf(c->err, p->bar ? "\r" STR_FMT "\x1b[K" : STR_FMT "\n", STR_ARG(line));
	fflush(c->err);
	p->shown = true;
	arena_done(&line_of.arena);
}

bool progress_step(void *context, int64_t done_bytes, int64_t total_bytes)
{
	struct progress *p = context;
	int64_t now = now_ms();

	p->done = done_bytes;
	p->total = total_bytes;
	if (!p->begun_ms) {
		p->begun_ms = p->told_ms = now;
		p->begun_bytes = done_bytes;
	}
	if (done_bytes < p->begun_bytes)
		p->begun_bytes = done_bytes; /* it began again */
	if (now - p->told_ms >= (p->bar ? BAR_EVERY_MS : LINE_EVERY_MS)) {
		p->told_ms = now;
		show(p);
	}
	return true;
}

void progress_end(struct progress *p)
{
	if (p->shown && p->bar)
		fprintf(p->c->err, "\r\x1b[K");
	fflush(p->c->err);
}
