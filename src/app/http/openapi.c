/* SPDX-License-Identifier: MIT
 *
 * openapi - see openapi.h.
 *
 * Layer: app.  Threads: any.
 */
#include "app/http/openapi.h"

#include <stdio.h>

#include "app/api_document.h"
#include "schema/json_schema.h"

/* "/a/:id/b" as OpenAPI writes it: "/a/{id}/b". */
static void path_key(struct json_writer *w, const char *path)
{
	char text[128];
	const char *colon = strstr(path, "/:id");

	if (colon)
		snprintf(text, sizeof text, "%.*s/{id}%s", (int)(colon - path), path, colon + 4);
	else
		snprintf(text, sizeof text, "%s", path);
	json_write_key(w, str_of(text));
}

static void parameters(struct json_writer *w, const struct route *r)
{
	if (!strstr(r->path, "/:id"))
		return;
	json_write_key(w, STR("parameters"));
	json_write_begin_array(w);
	json_write_begin_object(w);
	api_document_pair(w, "name", "id");
	api_document_pair(w, "in", "path");
	json_write_key(w, STR("required"));
	json_write_bool(w, true);
	api_document_open(w, "schema");
	api_document_pair(w, "type", "string");
	json_write_end_object(w);
	json_write_end_object(w);
	json_write_end_array(w);
}

static void content(struct json_writer *w, const char *type, const struct payload *p)
{
	api_document_open(w, "content");
	api_document_open(w, type);
	json_write_key(w, STR("schema"));
	json_schema_ref(w, p);
	json_write_end_object(w);
	json_write_end_object(w);
}

static void request_body(struct json_writer *w, const struct route *r)
{
	bool path_alone = r->payload->count == 1 && strstr(r->path, "/:id");

	if (r->payload->count == 0 || path_alone)
		return;
	api_document_open(w, "requestBody");
	json_write_key(w, STR("required"));
	json_write_bool(w, true);
	content(w, "application/json", r->payload);
	json_write_end_object(w);
}

static void problem_response(struct json_writer *w, int status, const char *codes)
{
	char key[8];

	snprintf(key, sizeof key, "%d", status);
	api_document_open(w, key);
	api_document_pair(w, "description", codes);
	api_document_open(w, "content");
	api_document_open(w, "application/problem+json");
	api_document_open(w, "schema");
	api_document_pair(w, "$ref", "#/components/schemas/problem");
	json_write_end_object(w);
	json_write_end_object(w);
	json_write_end_object(w);
	json_write_end_object(w);
}

/* One response a status: those of the row, and those that every route may give. */
static void responses(struct json_writer *w, const struct route *r)
{
	uint32_t errors = r->errors | UINT32_C(1) << ERR_BAD_REQUEST |
	                  UINT32_C(1) << ERR_UNAVAILABLE | UINT32_C(1) << ERR_INTERNAL;
	char key[8];

	if (r->who != ROUTE_ANYONE)
		errors |= UINT32_C(1) << ERR_UNAUTHORIZED;
	api_document_open(w, "responses");
	snprintf(key, sizeof key, "%d", r->status);
	api_document_open(w, key);
	api_document_pair(w, "description", r->doc);
	if (r->answer->count)
		content(w, "application/json", r->answer);
	json_write_end_object(w);
	for (unsigned e = 1; e < ERR_COUNT; e++) {
		if (errors >> e & 1)
			problem_response(w, err_http((enum err)e), err_wire((enum err)e));
	}
	json_write_end_object(w);
}

static void security(struct json_writer *w, const struct route *r)
{
	json_write_key(w, STR("security"));
	json_write_begin_array(w);
	if (r->who != ROUTE_ANYONE) {
		json_write_begin_object(w);
		json_write_key(w, STR("bearer"));
		json_write_begin_array(w);
		json_write_end_array(w);
		json_write_end_object(w);
	}
	if (r->who == ROUTE_BEARER_OR_URL) {
		static const char *const others[] = { "cookie", "signature" };
		for (size_t i = 0; i < COUNT_OF(others); i++) {
			json_write_begin_object(w);
			json_write_key(w, str_of(others[i]));
			json_write_begin_array(w);
			json_write_end_array(w);
			json_write_end_object(w);
		}
	}
	json_write_end_array(w);
}

static void operation(struct json_writer *w, const struct route *r)
{
	char method[8] = "";

	for (size_t i = 0; r->method[i] && i + 1 < sizeof method; i++)
		method[i] = (char)(r->method[i] | 0x20); /* ASCII letters: lower case */
	api_document_open(w, method);
	api_document_pair(w, "operationId", r->id);
	api_document_pair(w, "summary", r->doc);
	security(w, r);
	parameters(w, r);
	request_body(w, r);
	responses(w, r);
	json_write_end_object(w);
}

/* A path once, with all its methods: they may stand apart in the table. */
static void paths(struct json_writer *w)
{
	api_document_open(w, "paths");
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		bool seen = false;
		for (size_t k = 0; k < i; k++)
			seen = seen || strcmp(schema_routes[k].path, schema_routes[i].path) == 0;
		if (seen)
			continue;
		path_key(w, schema_routes[i].path);
		json_write_begin_object(w);
		for (size_t k = i; k < ROUTE_COUNT; k++) {
			if (strcmp(schema_routes[k].path, schema_routes[i].path) == 0)
				operation(w, &schema_routes[k]);
		}
		json_write_end_object(w);
	}
	json_write_end_object(w);
}

static void scheme(
	struct json_writer *w, const char *name, const char *type, const char *in, const char *key)
{
	api_document_open(w, name);
	api_document_pair(w, "type", type);
	if (in) {
		api_document_pair(w, "in", in);
		api_document_pair(w, "name", key);
	} else {
		api_document_pair(w, "scheme", key);
	}
	json_write_end_object(w);
}

static void components(struct json_writer *w)
{
	api_document_open(w, "components");
	api_document_open(w, "securitySchemes");
	scheme(w, "bearer", "http", NULL, "bearer");
	scheme(w, "cookie", "apiKey", "cookie", "antiphon");
	scheme(w, "signature", "apiKey", "query", "sig");
	json_write_end_object(w);
	api_document_open(w, "schemas");
	json_schema_all(w);
	json_write_key(w, STR("problem"));
	json_write_raw(w, STR("{\"type\":\"object\",\"description\":\"RFC "
			      "9457\",\"required\":[\"title\",\"status\",\"detail\",\"errorCode\"],"
			      "\"properties\":{\"type\":{\"type\":\"string\"},\"title\":{\"type\":"
			      "\"string\"},"
			      "\"status\":{\"type\":\"integer\"},\"detail\":{\"type\":\"string\"},"
			      "\"errorCode\":{\"type\":\"string\"}}}"));
	json_write_end_object(w);
	json_write_end_object(w);
}

void openapi_write(struct buf *out)
{
	struct json_writer w = json_write_into(out);

	api_document_begin(&w, "openapi", "3.1.0",
		"The HTTP API. Events travel over Socket.IO and are described by /asyncapi.json; "
		"uploads speak tus 1.0.0.");
	json_write_key(&w, STR("servers"));
	json_write_raw(&w, STR("[{\"url\":\"/\"}]"));
	paths(&w);
	components(&w);
	json_write_end_object(&w);
}
