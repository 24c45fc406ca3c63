/* SPDX-License-Identifier: MIT
 *
 * messages - see messages.h.
 *
 * Layer: cli.  Threads: one.
 */
#include "cli/messages.h"

#include "cli/look.h"
#include "cli/names.h"
#include "cli/print.h"

int messages_print(struct cli *c, struct str array)
{
	struct look_walk walk = look_array(array);
	struct print_table t = print_table_of(c, 3);
	struct str one;

	while (look_next(&walk, &one)) {
		bool deleted = look_has(one, "deletedAt", &c->arena);
		const struct str cells[] = {
			print_date(c, look_text(one, "timestamp", &c->arena)),
			names_of_user(c, look_text(one, "userId", &c->arena)),
			deleted ? STR("(deleted)") : look_text(one, "message", &c->arena),
		};
		print_table_add(&t, cells);
	}
	return print_table_end(&t);
}
