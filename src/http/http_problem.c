/* SPDX-License-Identifier: MIT
 *
 * http_problem - see http_problem.h.
 *
 * Layer: http.  Threads: any.
 */
#include "http/http_problem.h"

#include "base/json_write.h"
#include "http/http_response.h"

void http_problem_write(struct buf *b, enum err e, int status, struct str detail, int64_t retry_ms)
{
	struct json_writer w = json_write_into(b);
	const char *title = status ? http_response_reason(status) : err_title(e);

	json_write_begin_object(&w);
	json_write_key(&w, STR("type"));
	json_write_string(&w, STR("about:blank"));
	json_write_key(&w, STR("title"));
	json_write_string(&w, str_of(title));
	json_write_key(&w, STR("status"));
	json_write_int(&w, status ? status : err_http(e));
	json_write_key(&w, STR("detail"));
	json_write_string(&w, detail.n ? detail : str_of(err_doc(e)));
	json_write_key(&w, STR("errorCode"));
	json_write_string(&w, str_of(err_wire(e)));
	if (retry_ms) {
		json_write_key(&w, STR("retryAfterMs"));
		json_write_int(&w, retry_ms);
	}
	json_write_end_object(&w);
}

enum err http_problem_of_status(int status)
{
	for (enum err e = ERR_BAD_REQUEST; e < ERR_COUNT; e++) {
		if (err_http(e) == status)
			return e;
	}
	return status >= 500 ? ERR_INTERNAL : ERR_BAD_REQUEST;
}
