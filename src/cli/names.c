/* SPDX-License-Identifier: MIT
 *
 * names - see names.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/names.h"

#include <sysexits.h>

#include "base/text.h"
#include "base/uuid.h"
#include "cli/look.h"
#include "cli/page.h"
#include "cli/print.h"

struct names_known {
	struct names_known *next;
	struct str id, name;
};

/* One kind of thing that has names. */
struct kind {
	const char *what, *event, *list, *ns;
	const char *names[2]; /* members that name it; the first is the better one */
	const char *also;     /* a member that tells apart those of one name */
	const char *show;     /* the command that lists them */
};

static const struct kind users = { "user", "LIST_USERS", "users", "/music",
	{ "username", "displayName" }, "username", "users" };
static const struct kind groups = { "group", "LIST_GROUPS", "groups", "/chat", { "name", NULL },
	"kind", "groups" };
static const struct kind tracks = { "track", "LIST_TRACKS", "tracks", "/music", { "title", NULL },
	"artist", "tracks" };

enum {
	QUERY_MAX = 64,      /* code points that every list takes as a query */
	CANDIDATES_MAX = 10, /* of those that share a name, how many are told */
};

/* Those of a list that bear a name. */
struct found {
	size_t n;
	struct str id;         /* of the first */
	struct str candidates; /* "ID (what tells it apart), ID (...)" */
};

static bool is_id(const char *text)
{
	struct uuid ignored;

	return uuid_parse(str_of(text), &ignored) == ERR_OK;
}

static bool same_name(struct cli *c, struct str a, struct str b)
{
	struct str x, y;

	return !text_fold(a, &c->arena, &x) && !text_fold(b, &c->arena, &y) && str_eq(x, y);
}

/* Those of the list that bear this name in this member; all texts in the arena. */
static struct found find_named(
	struct cli *c, const struct kind *k, struct str list, const char *member, struct str name)
{
	struct look_walk walk = look_array(list);
	struct found f = { 0 };
	struct str one;

	while (look_next(&walk, &one)) {
		if (!same_name(c, look_text(one, member, &c->arena), name))
			continue;
		struct str id = look_text(one, "id", &c->arena);
		struct str also = print_harmless(c, look_text(one, k->also, &c->arena), false);
		if (f.n++ == 0)
			f.id = id;
		if (f.n <= CANDIDATES_MAX)
			f.candidates =
				arena_printf(&c->arena, STR_FMT "%s" STR_FMT "%s" STR_FMT "%s",
					STR_ARG(f.candidates), f.n > 1 ? ", " : "", STR_ARG(id),
					also.n ? " (" : "", STR_ARG(also), also.n ? ")" : "");
	}
	return f;
}

static int find(struct cli *c, const struct kind *k, const char *text, const char **id)
{
	struct session_json j;
	const struct page p = { k->ns, k->event, k->list, 200 };
	struct str list, name = str_of(text);
	struct found f = { 0 };

	if (is_id(text)) {
		*id = text;
		return EX_OK;
	}
	session_begin(&j);
	json_write_key(&j.w, STR("query"));
	json_write_string(&j.w, text_prefix(name, QUERY_MAX));
	int code = page_collect(c, &p, &j, &list);
	if (code)
		return code;
	for (size_t i = 0; f.n == 0 && i < COUNT_OF(k->names) && k->names[i]; i++)
		f = find_named(c, k, list, k->names[i], name);
	if (f.n == 0)
		return cli_fail(c, EX_DATAERR,
			"There is no %s `%s`; `antiphon %s` lists those there are.", k->what, text,
			k->show);
	if (f.n > 1)
		return cli_fail(c, EX_DATAERR,
			"There are %zu %ss `%s`; say which by its id: " STR_FMT "%s.", f.n, k->what,
			text, STR_ARG(f.candidates), f.n > CANDIDATES_MAX ? ", and others" : "");
	*id = arena_dup(&c->arena, f.id).p;
	return *id ? EX_OK : cli_no_memory(c);
}

int names_user(struct cli *c, const char *text, const char **id)
{
	return find(c, &users, *text == '@' ? text + 1 : text, id);
}

int names_track(struct cli *c, const char *text, const char **id)
{
	return find(c, &tracks, text, id);
}

/* The direct conversation with a user: to create it again answers with the one that is there. */
static int direct(struct cli *c, const char *user, const char **id)
{
	const char *other;
	struct session_json j;
	struct str answer;
	int code = names_user(c, user, &other);

	if (code)
		return code;
	session_begin(&j);
	session_text(&j, "kind", "direct");
	json_write_key(&j.w, STR("members"));
	json_write_begin_array(&j.w);
	json_write_string(&j.w, str_of(other));
	json_write_end_array(&j.w);
	code = session_ask(c, "/chat", "GROUP_CREATED", &j, &answer);
	if (!code)
		*id = arena_dup(&c->arena, look_text(answer, "group.id", &c->arena)).p;
	return code;
}

int names_group(struct cli *c, const char *text, const char **id)
{
	return *text == '@' ? direct(c, text, id) : find(c, &groups, text, id);
}

struct str names_of_user(struct cli *c, struct str id)
{
	struct str answer = { 0 }, name;
	struct names_known *known;

	for (known = c->known; known; known = known->next) {
		if (str_eq(known->id, id))
			return known->name;
	}
	const struct antiphon_user *user =
		antiphon_user_find(c->client, arena_dup(&c->arena, id).p);
	if (user)
		name = str_of(user->username);
	else if (!session_ask_raw(c, "/music", "GET_USER",
			 arena_printf(&c->arena, "\"" STR_FMT "\"", STR_ARG(id)), &answer))
		name = look_text(answer, "user.username", &c->arena);
	else
		name = id;
	known = ARENA_NEW(&c->arena, struct names_known);
	if (!known)
		return id;
	*known = (struct names_known){ c->known, arena_dup(&c->arena, id),
		arena_dup(&c->arena, name) };
	c->known = known;
	return known->name;
}
