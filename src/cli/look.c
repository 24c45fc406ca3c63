/* SPDX-License-Identifier: MIT
 *
 * look - see look.h.
 *
 * Layer: cli.  Threads: any.
 */
#include "cli/look.h"

static struct str member(struct str object, struct str name, struct arena *a)
{
	struct json_reader r = json_read_of(object);
	bool more;
	struct str key, value;

	if (json_read_open_object(&r))
		return (struct str){ 0 };
	while (!json_read_more_members(&r, a, &more, &key) && more) {
		if (json_read_raw(&r, &value))
			break;
		if (str_eq(key, name))
			return value;
	}
	return (struct str){ 0 };
}

struct str look_raw(struct str object, const char *path, struct arena *a)
{
	while (*path) {
		size_t n = strcspn(path, ".");
		object = member(object, (struct str){ path, n }, a);
		path += n + (path[n] == '.');
	}
	return object;
}

struct str look_text(struct str object, const char *path, struct arena *a)
{
	struct json_reader r = json_read_of(look_raw(object, path, a));
	struct str out;

	return json_read_string(&r, a, &out) ? (struct str){ 0 } : out;
}

int64_t look_int(struct str object, const char *path, struct arena *a)
{
	struct json_reader r = json_read_of(look_raw(object, path, a));
	int64_t out;

	return json_read_int(&r, &out) ? 0 : out;
}

double look_double(struct str object, const char *path, struct arena *a)
{
	struct json_reader r = json_read_of(look_raw(object, path, a));
	double out;

	return json_read_double(&r, &out) ? 0 : out;
}

bool look_bool(struct str object, const char *path, struct arena *a)
{
	return str_eq(look_raw(object, path, a), STR("true"));
}

bool look_has(struct str object, const char *path, struct arena *a)
{
	struct str raw = look_raw(object, path, a);

	return raw.n && !str_eq(raw, STR("null"));
}

struct look_walk look_array(struct str array)
{
	struct look_walk w = { .r = json_read_of(array) };

	w.done = json_read_open_array(&w.r) != ERR_OK;
	return w;
}

bool look_next(struct look_walk *w, struct str *element)
{
	bool more;

	if (w->done || json_read_more_elements(&w->r, &more) || !more ||
		json_read_raw(&w->r, element))
		w->done = true;
	return !w->done;
}

struct look_walk look_object(struct str object)
{
	struct look_walk w = { .r = json_read_of(object) };

	w.done = json_read_open_object(&w.r) != ERR_OK;
	return w;
}

bool look_next_member(struct look_walk *w, struct arena *a, struct str *name, struct str *value)
{
	bool more;

	if (w->done || json_read_more_members(&w->r, a, &more, name) || !more ||
		json_read_raw(&w->r, value))
		w->done = true;
	return !w->done;
}

bool look_is_json(struct str text)
{
	struct json_reader r = json_read_of(text);
	struct str ignored;

	return !json_read_raw(&r, &ignored) && !json_read_end(&r);
}
