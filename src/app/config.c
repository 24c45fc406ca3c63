/* SPDX-License-Identifier: MIT
 *
 * config - see config.h; the file is read by libinih.
 *
 * Layer: app.  Threads: one.
 */
#include "app/config.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdlib.h>

enum config_type { TYPE_TEXT, TYPE_LIST, TYPE_REGISTRATION, TYPE_LOG_LEVEL, TYPE_LOG_FORMAT };

/* The words of the types that are sets, in the order of their enums. */
static const char *const words[][5] = {
	[TYPE_REGISTRATION] = { "open", "invite", "closed", NULL },
	[TYPE_LOG_LEVEL] = { "error", "warning", "info", "debug", NULL },
	[TYPE_LOG_FORMAT] = { "text", "json", NULL },
};

static const struct {
	const char *key;
	enum config_type type;
	const char *fallback, *value, *doc;
	size_t offset;
} rows[] = {
#define CONFIG(id, type_, default_, value_, doc_)                                                  \
	{ #id, TYPE_##type_, default_, value_, doc_, offsetof(struct config, id) },
#include "app/config.def"
#undef CONFIG
};

static const struct {
	const char *key;
	int64_t value, least, most;
	const char *unit, *doc;
	size_t offset;
} numbers[] = {
#define LIMIT(...)
#define SETTABLE(id, value, least, most, unit, doc)                                                \
	{ #id, value, least, most, unit, doc, offsetof(struct config, limits.id) },
#include "base/limits.def"
#undef LIMIT
#undef SETTABLE
};

static enum err add_to_list(
	struct config *c, struct config_list *list, struct str value, enum config_source source)
{
	if (source != list->source)
		list->n = 0;
	list->source = source;
	while (value.n) {
		const char *comma = memchr(value.p, ',', value.n);
		struct str one = { value.p, comma ? (size_t)(comma - value.p) : value.n };
		value = str_after(value, one.n + (comma != NULL));
		while (one.n && one.p[0] == ' ')
			one = str_after(one, 1);
		if (one.n == 0)
			continue;
		if (list->n == CONFIG_LIST_MAX)
			return ERR_BAD_REQUEST;
		list->v[list->n] = arena_dup(&c->arena, one);
		if (!list->v[list->n++].p)
			return ERR_NOMEM;
	}
	return ERR_OK;
}

static enum err set_word(void *out, enum config_type type, struct str value)
{
	for (unsigned i = 0; words[type][i]; i++) {
		if (str_eq(str_of(words[type][i]), value)) {
			memcpy(out, &i, sizeof i);
			return ERR_OK;
		}
	}
	return ERR_BAD_REQUEST;
}

static enum err set_row(struct config *c, size_t index, struct str value, enum config_source source)
{
	void *out = (char *)c + rows[index].offset;
	struct str copy;

	switch (rows[index].type) {
	case TYPE_LIST:
		return add_to_list(c, out, value, source);
	case TYPE_TEXT:
		copy = arena_dup(&c->arena, value);
		if (!copy.p)
			return ERR_NOMEM;
		memcpy(out, &copy, sizeof copy);
		return ERR_OK;
	default:
		return set_word(out, rows[index].type, value);
	}
}

static enum err set_number(struct config *c, size_t index, struct str value, struct str *sentence)
{
	char text[24], *end;

	errno = 0;
	memcpy(text, value.p, value.n < sizeof text ? value.n : 0);
	text[value.n < sizeof text ? value.n : 0] = '\0';
	long long n = strtoll(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end || errno || n < numbers[index].least ||
		n > numbers[index].most) {
		*sentence = arena_printf(&c->arena,
			"The key `%s` must be a whole number from %" PRId64 " to %" PRId64
			" (%s), not `%.*s`.",
			numbers[index].key, numbers[index].least, numbers[index].most,
			numbers[index].unit, STR_ARG(value));
		return ERR_BAD_REQUEST;
	}
	int64_t out = n;
	memcpy((char *)c + numbers[index].offset, &out, sizeof out);
	return ERR_OK;
}

enum err config_set(struct config *c, struct str key, struct str value, enum config_source source,
	struct str *sentence)
{
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (str_eq(str_of(numbers[i].key), key))
			return set_number(c, i, value, sentence);
	}
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!str_eq(str_of(rows[i].key), key))
			continue;
		enum err e = set_row(c, i, value, source);
		if (e == ERR_BAD_REQUEST)
			*sentence = arena_printf(&c->arena, "The key `%s` does not take `%.*s`: %s",
				rows[i].key, STR_ARG(value), rows[i].doc);
		return e;
	}
	*sentence = arena_printf(
		&c->arena, "There is no key `%.*s`; --help lists those there are.", STR_ARG(key));
	return ERR_NOT_FOUND;
}

bool config_has(struct str key)
{
	for (size_t i = 0; i < config_row_count(); i++) {
		if (str_eq(str_of(config_row_at(i).key), key))
			return true;
	}
	return false;
}

void config_init(struct config *c)
{
	struct str sentence;
	enum err e = ERR_OK;

	*c = (struct config){ .limits = limits_default() };
	for (size_t i = 0; !e && i < COUNT_OF(rows); i++)
		e = config_set(c, str_of(rows[i].key), str_of(rows[i].fallback), CONFIG_DEFAULT,
			&sentence);
	if (e)
		abort(); /* a default of the table itself is wrong, or there is no memory at start */
}

void config_done(struct config *c)
{
	arena_done(&c->arena);
}

struct reading {
	struct config *c;
	const char *path;
	struct str sentence;
};

/* inih's callback: 0 stops at this line. */
static int take_line(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;

	if (*section) {
		r->sentence = arena_printf(
			&r->c->arena, "The file has no sections, but there is [%s].", section);
		return 0;
	}
	return config_set(r->c, str_of(name), str_of(value ? value : ""), CONFIG_FILE,
		       &r->sentence) == ERR_OK;
}

enum err config_read_file(struct config *c, const char *path, struct str *sentence)
{
	struct reading r = { .c = c, .path = path };
	int line = ini_parse(path, take_line, &r);

	if (line == 0)
		return ERR_OK;
	if (line < 0) {
		*sentence = arena_printf(&c->arena, "The configuration file %s cannot be read: %s.",
			path, strerror(errno));
		return ERR_NOT_FOUND;
	}
	*sentence = arena_printf(&c->arena, "%s, line %d: %.*s", path, line,
		STR_ARG(r.sentence.p ? r.sentence : STR("this is not `key = value`.")));
	return ERR_BAD_REQUEST;
}

/* ANTIPHON_MAX_PAYLOAD for max_payload. */
static const char *from_environment(const char *key)
{
	char name[64] = "ANTIPHON_";
	size_t n = strlen(name);

	for (; *key && n + 1 < sizeof name; key++)
		name[n++] = (char)toupper((unsigned char)*key);
	name[n] = '\0';
	return getenv(name);
}

enum err config_read_environment(struct config *c, struct str *sentence)
{
	for (size_t i = 0; i < config_row_count(); i++) {
		const char *key = config_row_at(i).key, *value = from_environment(key);
		if (!value)
			continue;
		enum err e =
			config_set(c, str_of(key), str_of(value), CONFIG_ENVIRONMENT, sentence);
		if (e)
			return e;
	}
	return ERR_OK;
}

enum err config_find_data(struct config *c)
{
	const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_DATA_HOME"),
		   *home = getenv("HOME");

	if (c->data.n)
		return ERR_OK;
	if (state && *state)
		c->data = arena_printf(&c->arena, "%s", state);
	else if (xdg && *xdg)
		c->data = arena_printf(&c->arena, "%s/antiphon", xdg);
	else if (home && *home)
		c->data = arena_printf(&c->arena, "%s/.local/share/antiphon", home);
	return c->data.n ? ERR_OK : ERR_NOT_FOUND;
}

size_t config_row_count(void)
{
	return COUNT_OF(rows) + COUNT_OF(numbers);
}

struct config_row config_row_at(size_t index)
{
	if (index < COUNT_OF(rows))
		return (struct config_row){ .key = rows[index].key,
			.value = rows[index].value,
			.doc = rows[index].doc,
			.fallback = rows[index].fallback };
	index -= COUNT_OF(rows);
	return (struct config_row){ .key = numbers[index].key,
		.value = numbers[index].unit,
		.doc = numbers[index].doc,
		.is_number = true,
		.number = numbers[index].value,
		.least = numbers[index].least,
		.most = numbers[index].most };
}
