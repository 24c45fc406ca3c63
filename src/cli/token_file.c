/* SPDX-License-Identifier: MIT
 *
 * token_file - see token_file.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/token_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/uuid.h"

enum { CONTENT_MAX = 4096 }; /* bytes of a file that is read */

static const char last_server[] = "server";

/* The folder of the configuration; NULL when there is no home. */
static const char *folder(struct cli *c)
{
	const char *option = cli_option(c, "config"), *xdg = getenv("XDG_CONFIG_HOME"),
		   *home = getenv("HOME");

	if (option)
		return option;
	if (xdg && *xdg)
		return arena_printf(&c->arena, "%s/antiphon", xdg).p;
	return home && *home ? arena_printf(&c->arena, "%s/.config/antiphon", home).p : NULL;
}

/* DIR/token-http%3A%2F%2F127.0.0.1%3A3000: no two servers share a file. */
static const char *path_of(struct cli *c, const char *kind, const char *server)
{
	const char *dir = folder(c);
	struct str name = arena_printf(&c->arena, "%s-", kind);

	for (const char *p = server; *p; p++) {
		bool as_it_is = isalnum((unsigned char)*p) || strchr(".-", *p);
		name = as_it_is ? arena_printf(&c->arena, STR_FMT "%c", STR_ARG(name), *p)
		                : arena_printf(&c->arena, STR_FMT "%%%02X", STR_ARG(name),
					  (unsigned)(unsigned char)*p);
	}
	return dir ? arena_printf(&c->arena, "%s/" STR_FMT, dir, STR_ARG(name)).p : NULL;
}

/* The beginning of a file, in the arena; NULL when there is none. *mode: its permissions. */
static const char *content_of(struct cli *c, const char *path, mode_t *mode)
{
	char text[CONTENT_MAX];
	struct stat about;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return NULL;
	ssize_t n = read(fd, text, sizeof text);
	*mode = fstat(fd, &about) == 0 ? about.st_mode : 0;
	close(fd);
	return n > 0 ? arena_dup(&c->arena, (struct str){ text, (size_t)n }).p : NULL;
}

/* The next line of the text, in the arena; NULL when it is empty or text is NULL. */
static const char *next_line(struct cli *c, const char **text)
{
	size_t n = *text ? strcspn(*text, "\r\n") : 0;
	struct str line = { *text, n };

	if (*text)
		*text += n + strspn(*text + n, "\r\n");
	return n ? arena_dup(&c->arena, line).p : NULL;
}

const char *token_file_server(struct cli *c)
{
	const char *option = cli_option(c, "server"), *set = getenv("ANTIPHON_SERVER"),
		   *dir = folder(c), *last = NULL;
	struct str server;
	mode_t mode;

	if (!option && set && *set)
		option = set;
	if (!option && dir) {
		last = content_of(c, arena_printf(&c->arena, "%s/%s", dir, last_server).p, &mode);
		option = next_line(c, &last);
	}
	if (!option)
		option = "http://127.0.0.1:3000";
	server = str_of(option);
	while (server.n && server.p[server.n - 1] == '/')
		server.n--; /* so that both spellings are one server */
	return arena_dup(&c->arena, server).p;
}

struct token_file token_file_look(struct cli *c)
{
	mode_t mode = 0;
	const char *server = token_file_server(c), *path = path_of(c, "token", server);
	const char *content = content_of(c, path, &mode), *user;
	struct token_file found = { .token = next_line(c, &content), .path = path };
	struct uuid id;

	user = next_line(c, &content);
	if (user && uuid_parse(str_of(user), &id) == ERR_OK)
		found.folder =
			arena_printf(&c->arena, "%s-%s", path_of(c, "model", server), user).p;
	found.exposed = found.token && (mode & (S_IRWXG | S_IRWXO));
	return found;
}

int token_file_read(struct cli *c, struct token_file *out)
{
	*out = token_file_look(c);
	return out->exposed ? cli_fail(c, EX_NOPERM,
				      "Others may read the token in %s; run `chmod 600` on it, or "
				      "sign in again.",
				      out->path)
	                    : EX_OK;
}

/* Makes every folder of the path that is not there, for the user alone. */
static bool make_folders(struct cli *c, const char *dir)
{
	char *path = arena_alloc(&c->arena, strlen(dir) + 1);

	if (!path)
		return false;
	for (size_t i = 1; i <= strlen(dir); i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		memcpy(path, dir, i);
		if (mkdir(path, 0700) && errno != EEXIST)
			return false;
	}
	return true;
}

/* Beside it, flushed, then renamed: whoever reads sees the old content or the new. */
static bool replace(struct cli *c, const char *path, struct str content)
{
	struct str beside = arena_printf(&c->arena, "%s.XXXXXX", path);
	char *name = arena_alloc(&c->arena, beside.n + 1);

	if (!beside.p || !name)
		return false;
	memcpy(name, beside.p, beside.n);
	int fd = mkostemp(name, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return false;
	bool written = write(fd, content.p, content.n) == (ssize_t)content.n && fsync(fd) == 0;
	if (close(fd) == 0 && written && rename(name, path) == 0)
		return true;
	unlink(name);
	return false;
}

int token_file_write(struct cli *c, struct str token, struct str user_id)
{
	const char *server = token_file_server(c), *path = path_of(c, "token", server),
		   *dir = folder(c);

	if (!dir || !path)
		return cli_fail(c, EX_CANTCREAT,
			"There is no home folder to keep the token in; say --config DIR.");
	struct str line = arena_printf(
		&c->arena, STR_FMT "\n" STR_FMT "\n", STR_ARG(token), STR_ARG(user_id));
	struct str last = arena_printf(&c->arena, "%s/%s", dir, last_server);
	if (!make_folders(c, dir) || !replace(c, path, line) ||
		!replace(c, last.p, arena_printf(&c->arena, "%s\n", server)))
		return cli_fail(c, EX_CANTCREAT, "The token cannot be kept in %s: %s.", dir,
			strerror(errno));
	return EX_OK;
}

int token_file_remove(struct cli *c)
{
	const char *path = path_of(c, "token", token_file_server(c));

	if (path && unlink(path) && errno != ENOENT)
		return cli_fail(c, EX_IOERR, "The token in %s cannot be removed: %s.", path,
			strerror(errno));
	return EX_OK;
}
