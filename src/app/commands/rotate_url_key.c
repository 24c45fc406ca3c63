/* SPDX-License-Identifier: MIT
 *
 * rotate_url_key - see rotate_url_key.h.
 *
 * Layer: app.  Threads: one; run_job on the store's writer.
 */
#include "app/commands/rotate_url_key.h"

#include "base/rng.h"
#include "store/amend.h"
#include "store/url_key.h"

struct key_job {
	struct store_job job;
	struct digest fresh;
};

static enum err run_job(struct tx *tx, struct store_job *job)
{
	return url_key_rotate(tx, &((struct key_job *)(void *)job)->fresh); /* its first member */
}

enum err rotate_url_key(const struct config *config, struct buf *sentence)
{
	struct key_job k = { .job = { .run = run_job } };
	struct rng rng = rng_system();
	struct clock clock = clock_system();

	rng_fill(&rng, k.fresh.b, sizeof k.fresh.b);
	return amend_run(config->data.p, &clock, &k.job, sentence);
}
