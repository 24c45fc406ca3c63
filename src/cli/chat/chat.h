/* SPDX-License-Identifier: MIT
 *
 * chat - the state of the full-screen client: what is open, what is typed, what waits. It knows no screen: view.h and screen.h draw
 * it, key.h changes it by what is typed, event.h by what the client tells. What the server says stands in the client's model.
 *
 * Layer: cli.  Threads: one.
 */
#ifndef CLI_CHAT_CHAT_H
#define CLI_CHAT_CHAT_H

#include <antiphon/antiphon.h>

#include "cli/chat/line.h"
#include "cli/cli.h"

enum {
	CHAT_ID_BYTES = 37, /* with its NUL */
	CHAT_TYPING_MAX = 4,
	CHAT_SENTENCE_BYTES = 300,
};

struct chat_notice;
struct chat_pending;
struct chat_person;
struct chat_member;

/* Who is writing, until when. */
struct chat_typing {
	char user_id[CHAT_ID_BYTES], group_id[CHAT_ID_BYTES];
	int64_t until_ms;
};

/* What Tab offers: the next press takes the next one. */
struct chat_completion {
	size_t count; /* code points before the cursor that it has put there; 0: none is under way */
	size_t next;
	char *prefix; /* what was typed */
};

struct chat {
	struct cli *c;
	struct antiphon *client;
	struct arena scratch; /* of one key, one event, one picture */
	struct chat_line line;
	struct chat_completion completion;

	char group[CHAT_ID_BYTES]; /* the one that is open; "": none yet */
	const char *wanted;        /* to be opened once the groups are known; NULL: lobby */
	int64_t new_after; /* messages behind this seq were new when it was opened; -1: none were */
	bool asking_history;
	int64_t read_seq;            /* how far it was said to be read */
	char read_id[CHAT_ID_BYTES]; /* the notification that was said to be read last */
	size_t scroll;               /* rows that the picture is away from the newest */
	size_t page_rows;            /* rows of messages on the screen */
	size_t row_count;            /* rows that all known messages take */
	bool pasting;                /* a new line is a part of the text */

	struct chat_notice *notices;  /* notice.h; the oldest first */
	struct chat_pending *pending; /* send.h; likewise */
	struct chat_person *people;   /* people.h */
	struct chat_member *members;  /* people.h: of the open group */
	size_t member_count;
	unsigned members_asked; /* how often they were: only the last answer counts */
	struct chat_typing typing[CHAT_TYPING_MAX];
	int64_t typed_ms; /* when the others were told last that we write */

	char trouble[CHAT_SENTENCE_BYTES]; /* why there is no connection; "": not known */
	char busy[CHAT_SENTENCE_BYTES];    /* what goes on now, as an upload; "": nothing */
	bool synchronised;                 /* since the last connection */
	bool ended;                        /* the session is no more */
	bool bell, quit;
	bool changed; /* the messages must be laid out anew */
	bool (*draw)(struct
		chat *chat); /* shows it now, for what takes long; false: Esc was pressed; NULL: nobody looks */
	void *screen; /* draw's */
};

/* Now, in milliseconds from any point. */
int64_t chat_now_ms(void);

/* Memory is given back; the client must be gone. */
void chat_done(struct chat *chat);

#endif
