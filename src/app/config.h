/* SPDX-License-Identifier: MIT
 *
 * config - what the operator has set: by default, in the file, in the environment, on the command line;
 * the later of these wins.
 *
 * Layer: app.  Threads: made once, then constant.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdio.h>

#include "accounts/registration.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"
#include "schema/payload.h"

/* Where a value comes from; a list that a later source gives replaces the earlier one's. */
enum config_source { CONFIG_DEFAULT, CONFIG_FILE, CONFIG_ENVIRONMENT, CONFIG_COMMAND_LINE };

enum { CONFIG_LIST_MAX = 32 };

struct config_list {
	struct str v[CONFIG_LIST_MAX];
	size_t n;
	enum config_source source;
};

struct config {
	struct config_list listen, listen_tls, trust_proxy, cors_origin;
	struct str data, trace, proxy_header, tls_certificate, tls_key,
		public_url; /* NUL-terminated, in the arena */
	enum registration_policy registration;
	enum log_level log_level;
	enum log_format log_format;
	struct limits limits;
	struct arena arena;
};

/* All defaults. Ends with config_done. */
void config_init(struct config *c);
void config_done(struct config *c);

/*
 * Sets one key from text; `name` is how the person called it, for the sentence. ERR_NOT_FOUND without such a
 * key, ERR_BAD_REQUEST with *sentence for a value that it does not take, ERR_NOMEM.
 */
NODISCARD enum err config_set(struct config *c, struct str key, struct str value,
	enum config_source source, struct str *sentence);

/* Whether there is a key of this name. */
bool config_has(struct str key);

/* Reads a file. ERR_BAD_REQUEST with *sentence, ERR_NOT_FOUND with *sentence when it cannot be read. */
NODISCARD enum err config_read_file(struct config *c, const char *path, struct str *sentence);

/* Reads ANTIPHON_… of the environment; names that are no key are passed over. As config_set. */
NODISCARD enum err config_read_environment(struct config *c, struct str *sentence);

/* Fills `data` when nothing has set it. ERR_NOT_FOUND when there is no home folder. */
NODISCARD enum err config_find_data(struct config *c);

/* One row of the table, for --help and the reference. */
struct config_row {
	const char *key, *value, *doc;
	const char *fallback; /* default as text */
	bool is_number;
	int64_t number, least, most; /* of a number */
};

size_t config_row_count(void);
struct config_row config_row_at(size_t index);

#endif
