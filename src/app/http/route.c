/* SPDX-License-Identifier: MIT
 *
 * route - a thunk a function, so that each route keeps its own types, and the rows with their
 * thunks.
 *
 * Layer: app.  Threads: constant.
 */
#include "app/http/route.h"

#define APPLY(id, in_type, answer_type)                                                            \
	static enum err id##_call_apply(struct tx *tx, const struct route_ask *ask,                \
		const void *in, struct arena *a, void **out)                                       \
	{                                                                                          \
		struct id##_out *made = NULL;                                                      \
		enum err e = id##_apply(tx, ask, (const struct in_type *)in, a, &made);            \
		*out = made;                                                                       \
		return e;                                                                          \
	}                                                                                          \
	static void id##_call_announce(struct hub *hub, const struct route_ask *ask,               \
		const void *in, const void *out, void *answer)                                     \
	{                                                                                          \
		id##_announce(hub, ask, (const struct in_type *)in, (const struct id##_out *)out,  \
			(struct answer_type *)answer);                                             \
	}
#define SECRET(id, in_type)                                                                        \
	static enum err id##_call_admit(                                                           \
		struct route_ask *ask, const void *in, const char **sentence)                      \
	{                                                                                          \
		return id##_admit(ask, (const struct in_type *)in, sentence);                      \
	}                                                                                          \
	static enum err id##_call_find(struct tx *tx, const struct route_ask *ask, const void *in, \
		struct arena *a, void **out)                                                       \
	{                                                                                          \
		struct id##_found *found = NULL;                                                   \
		enum err e = id##_read(tx, ask, (const struct in_type *)in, a, &found);            \
		*out = found;                                                                      \
		return e;                                                                          \
	}                                                                                          \
	static enum err id##_call_prepare(const struct route_ask *ask, const void *in,             \
		void *found, struct arena *a, void **out)                                          \
	{                                                                                          \
		struct id##_prepared *made = NULL;                                                 \
		enum err e = id##_prepare(                                                         \
			ask, (const struct in_type *)in, (struct id##_found *)found, a, &made);    \
		*out = made;                                                                       \
		return e;                                                                          \
	}                                                                                          \
	static void id##_call_refused(struct route_ask *ask, const void *in, enum err e)           \
	{                                                                                          \
		id##_refused(ask, (const struct in_type *)in, e);                                  \
	}
#define READ(id, in_type, answer_type)                                                             \
	static enum err id##_call_read(struct tx *tx, const struct route_ask *ask, const void *in, \
		struct arena *a, void *out)                                                        \
	{                                                                                          \
		return id##_read(                                                                  \
			tx, ask, (const struct in_type *)in, a, (struct answer_type *)out);        \
	}

#define THUNKS_WRITE(id, in_type, answer_type)  APPLY(id, in_type, answer_type)
#define THUNKS_SECRET(id, in_type, answer_type) APPLY(id, in_type, answer_type) SECRET(id, in_type)
#define THUNKS_READ(id, in_type, answer_type)   READ(id, in_type, answer_type)
#define THUNKS_CALL(id, in_type, answer_type)
#define ROUTE(id, method, path, kind, who, in_type, answer_type, status, errors, doc)              \
	THUNKS_##kind(id, in_type, answer_type)
#include "schema/routes.def"
#undef ROUTE

#define ROW_WRITE(id) .apply = id##_call_apply, .announce = id##_call_announce
#define ROW_SECRET(id)                                                                             \
	ROW_WRITE(id), .admit = id##_call_admit, .find = id##_call_find,                           \
		       .prepare = id##_call_prepare, .refused = id##_call_refused
#define ROW_READ(id) .read = id##_call_read
#define ROW_CALL(id) .read = NULL

const struct route_functions route_functions[ROUTE_COUNT] = {
#define ROUTE(id, method_, path, kind, who, in_type, answer_type, status, errors, doc)             \
	[ROUTE_ID_##id] = { .method = HTTP_HEAD_##method_, ROW_##kind(id) },
#include "schema/routes.def"
#undef ROUTE
};

static struct str segment(struct str *path)
{
	const char *slash = path->n ? memchr(path->p, '/', path->n) : NULL;
	struct str s = { path->p, slash ? (size_t)(slash - path->p) : path->n };

	*path = str_after(*path, s.n < path->n ? s.n + 1 : s.n);
	return s;
}

static bool matches(struct str pattern, struct str path, struct str *id)
{
	struct str found = { NULL, 0 };

	if (path.n > 1 && path.p[path.n - 1] == '/') /* another address than the one without */
		return false;
	while (pattern.n && path.n) {
		struct str want = segment(&pattern), got = segment(&path);
		if (str_eq(want, STR(":id")) && got.n)
			found = got;
		else if (!str_eq(want, got))
			return false;
	}
	if (pattern.n || path.n)
		return false;
	*id = found;
	return true;
}

enum route_id route_find(
	enum http_head_method method, struct str path, struct str *id, uint32_t *allow)
{
	enum route_id head_by_get = ROUTE_COUNT;
	uint32_t allowed = 0;

	for (unsigned i = 0; i < ROUTE_COUNT; i++) {
		enum http_head_method m = route_functions[i].method;
		if (!matches(str_of(schema_routes[i].path), path, id))
			continue;
		if (m == method)
			return (enum route_id)i;
		if (m == HTTP_HEAD_GET)
			allowed |= UINT32_C(1) << HTTP_HEAD_HEAD;
		if (m == HTTP_HEAD_GET && method == HTTP_HEAD_HEAD)
			head_by_get = (enum route_id)i;
		allowed |= UINT32_C(1) << m;
	}
	*allow = allowed;
	return head_by_get;
}
