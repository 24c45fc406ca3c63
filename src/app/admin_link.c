/* SPDX-License-Identifier: MIT
 *
 * admin_link - see admin_link.h. The database keeps the hash of the code alone.
 *
 * Layer: app.  Threads: one; run_job on the store's writer.
 */
#include "app/admin_link.h"

#include <stdio.h>

#include "accounts/registration.h"
#include "accounts/token.h"
#include "app/listening.h"
#include "store/amend.h"

struct link_job {
	struct store_job job;
	struct digest hash;
	bool always, made;
};

static enum err run_job(struct tx *tx, struct store_job *job)
{
	struct link_job *l = (struct link_job *)(void *)job; /* its first member */
	bool has_admin = false;
	enum err e = l->always ? ERR_OK : registration_has_admin(tx, &has_admin);

	l->made = !has_admin;
	return e || has_admin ? e : registration_admin_link(tx, &l->hash);
}

static struct link_job job_of(const struct token *code, bool always)
{
	return (struct link_job){ .job = { .run = run_job },
		.hash = token_hash((struct str){ code->text, TOKEN_TEXT_BYTES }),
		.always = always };
}

static void print(const char *url, const struct token *code)
{
	printf("The account made with this link becomes admin, once: %s/#/admin/%s\n", url,
		code->text);
}

enum err admin_link_offer(struct store *store, const struct rng *rng, const char *url)
{
	struct token code = token_new(rng);
	struct link_job l = job_of(&code, false);
	enum err e = store_run_now(store, &l.job);

	if (!e && l.made)
		print(url, &code);
	return e;
}

enum err admin_link_renew(const struct config *config, struct buf *sentence)
{
	char url[LISTENING_URL_MAX];
	struct rng rng = rng_system();
	struct clock clock = clock_system();
	struct token code = token_new(&rng);
	struct link_job l = job_of(&code, true);
	enum err e = amend_run(config->data.p, &clock, &l.job, sentence);

	if (e)
		return e;
	listening_url(config, NULL, NULL, url);
	print(url, &code);
	return ERR_OK;
}
