/* SPDX-License-Identifier: MIT
 *
 * secret - see secret.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/secret.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

enum { SECRET_MAX = 4096 }; /* bytes; the server's own bound is lower */

enum { INTERRUPT = 3 }; /* what Ctrl-C types when it is no signal */

/* One line, byte by byte, so that the next line stays unread. -1 at the end of input, and for Ctrl-C. */
static ssize_t read_line(int fd, char *out, size_t room)
{
	for (size_t n = 0; n < room; n++) {
		ssize_t got = read(fd, out + n, 1);
		if ((got != 1 && n == 0) || (got == 1 && out[n] == INTERRUPT))
			return -1;
		if (got != 1 || out[n] == '\n')
			return (ssize_t)(n && out[n - 1] == '\r' ? n - 1 : n);
	}
	return -1; /* longer than any password */
}

static int keep(struct cli *c, char *text, ssize_t n, struct str *out)
{
	if (n <= 0)
		return cli_fail(c, EX_NOINPUT, "No password was given.");
	*out = arena_dup(&c->arena, (struct str){ text, (size_t)n });
	explicit_bzero(text, SECRET_MAX);
	return out->p ? EX_OK : cli_no_memory(c);
}

int secret_read(struct cli *c, const char *prompt, struct str *out)
{
	char text[SECRET_MAX];
	struct termios before, silent;
	int fd;

	if (cli_option(c, "password-stdin"))
		return keep(c, text, read_line(STDIN_FILENO, text, sizeof text), out);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &before)) {
		if (fd >= 0)
			close(fd);
		return cli_fail(c, EX_USAGE,
			"There is no terminal to ask for the password; say --password-stdin.");
	}
	silent = before;
	/* Ctrl-C ends the line in place of the program, so that the echo comes back in any case. */
	silent.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
	silent.c_cc[VEOL] = INTERRUPT;
	silent.c_lflag |= ECHONL;
	tcsetattr(fd, TCSAFLUSH, &silent);
	ssize_t n = write(fd, prompt, strlen(prompt)) < 0 ? -1 : read_line(fd, text, sizeof text);
	tcsetattr(fd, TCSAFLUSH, &before);
	close(fd);
	return keep(c, text, n, out);
}

int secret_read_new(struct cli *c, const char *prompt, struct str *out)
{
	struct str again;
	int code = secret_read(c, prompt, out);

	if (code || cli_option(c, "password-stdin"))
		return code;
	code = secret_read(c, "The same again: ", &again);
	if (!code && !str_eq(*out, again))
		return cli_fail(c, EX_DATAERR, "The two are not the same.");
	return code;
}
