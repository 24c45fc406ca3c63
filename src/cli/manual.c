/* SPDX-License-Identifier: MIT
 *
 * manual - prints what is made from commands.def: manual PAGE, or manual --list for the pages of docs/reference.
 * PAGE: commands.md, antiphon.1 (man page), antiphon.bash, antiphon.zsh, antiphon.fish (completions).
 * A program of its own, for the build, script/reference and tests/tree; not part of antiphon.
 *
 * Layer: cli.  Threads: one.
 */
#include <stdio.h>
#include <sysexits.h>

#include "base/attr.h"
#include "cli/commands.h"
#include "cli/version.h"
#include "schema/schema.h"

/* What a command ends with; sysexits.h. */
static const struct {
	const char *code, *doc;
} exits[] = {
	{ "0", "It worked." },
	{ "64", "The command line is wrong." },
	{ "65", "The server refused what it was given: malformed, unknown, too large, in "
		"conflict." },
	{ "66", "A file, or a password, is not there." },
	{ "69", "The server cannot be reached, or cannot do this now." },
	{ "70", "The server made a mistake." },
	{ "71", "There is not enough memory." },
	{ "73", "A file could not be made." },
	{ "74", "Input or output failed." },
	{ "75", "Later it may work: too many requests, no answer in time, a connection that was "
		"lost." },
	{ "77", "Not signed in, a wrong password, or not allowed." },
};

/* What is typed behind a slash in antiphon chat. */
static const struct {
	const char *name, *arguments, *doc;
} slashes[] = {
#define SLASH(id, arguments, doc) { #id, arguments, doc },
#include "cli/chat/slash.def"
#undef SLASH
};

static const char *space(const char *text)
{
	return *text ? " " : "";
}

/* --- docs/reference/commands.md --- */

static void markdown_options(const struct command_option *o)
{
	printf("\n| option | meaning |\n| --- | --- |\n");
	for (; o->name; o++)
		printf("| `--%s%s%s` | %s |\n", o->name, o->value ? " " : "",
			o->value ? o->value : "", o->doc);
}

static void markdown(void)
{
	printf("# Commands\n\n<!-- Made from the tables by script/reference; do not edit. -->\n\n"
	       "`antiphon [OPTION]... COMMAND [ARGUMENT]...`. Options stand anywhere, as `--name "
	       "VALUE` or "
	       "`--name=VALUE`, or by the first letter, `-n VALUE`, where only one of the "
	       "command's begins with it; behind `--` all words are arguments.\n"
	       "\n## Options of all commands\n");
	markdown_options(commands_globals);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command *c = &commands[i];
		printf("\n## %s\n\n`antiphon %s%s%s`\n\n%s%s%s\n", c->name, c->name,
			space(c->arguments), c->arguments, c->summary, space(c->doc), c->doc);
		if (c->options->name)
			markdown_options(c->options);
	}
	printf("\n## Within antiphon chat\n\n| command | what it does |\n| --- | --- |\n");
	for (size_t i = 0; i < COUNT_OF(slashes); i++)
		printf("| `/%s%s%s` | %s |\n", slashes[i].name, space(slashes[i].arguments),
			slashes[i].arguments, slashes[i].doc);
	printf("\n## Exit codes\n\n| code | when |\n| --- | --- |\n");
	for (size_t i = 0; i < COUNT_OF(exits); i++)
		printf("| %s | %s |\n", exits[i].code, exits[i].doc);
}

/* --- the man page --- */

/* Text for troff: no line of it is a request, no character an escape; code marks go. */
static void troff(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\')
			printf("\\e");
		else if (*text == '-')
			printf("\\-");
		else if (*text != '`')
			putchar(*text);
	}
}

static void troff_options(const struct command_option *o)
{
	for (; o->name; o++) {
		printf(".TP\n\\fB\\-\\-");
		troff(o->name);
		printf("\\fR");
		if (o->value)
			printf(" \\fI%s\\fR", o->value);
		printf("\n\\&");
		troff(o->doc);
		putchar('\n');
	}
}

static void troff_command(const struct command *c)
{
	printf(".SS \"%s%s%s\"\n\\&", c->name, space(c->arguments), c->arguments);
	troff(c->summary);
	printf("%s", space(c->doc));
	troff(c->doc);
	putchar('\n');
	troff_options(c->options);
}

static void man_page(void)
{
	printf(".\\\" SPDX-License-Identifier: MIT\n"
	       ".TH ANTIPHON 1 \"\" \"antiphon %s\" \"User Commands\"\n.SH NAME\n"
	       "antiphon \\- talk to an Antiphon server: chat, groups, tracks\n.SH SYNOPSIS\n"
	       ".B antiphon\n[\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...\n.SH "
	       "OPTIONS\n"
	       "They stand anywhere, as \\-\\-name VALUE or \\-\\-name=VALUE, or by the first "
	       "letter, "
	       "\\-n VALUE, where only one of the command's begins with it; behind \\-\\- all "
	       "words are arguments.\n",
		VERSION_TEXT);
	troff_options(commands_globals);
	printf(".SH COMMANDS\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		troff_command(&commands[i]);
	printf(".SH WITHIN CHAT\n");
	for (size_t i = 0; i < COUNT_OF(slashes); i++) {
		printf(".TP\n\\fB/%s\\fR%s%s\n\\&", slashes[i].name, space(slashes[i].arguments),
			slashes[i].arguments);
		troff(slashes[i].doc);
		putchar('\n');
	}
	printf(".SH EXIT STATUS\n");
	for (size_t i = 0; i < COUNT_OF(exits); i++) {
		printf(".TP\n%s\n\\&", exits[i].code);
		troff(exits[i].doc);
		putchar('\n');
	}
	printf(".SH ENVIRONMENT\n.TP\nANTIPHON_SERVER\nThe server when there is no \\-\\-server.\n"
	       ".TP\nNO_COLOR\nWhen it is not empty, nothing is coloured.\n"
	       ".SH FILES\n.TP\n\\fI$XDG_CONFIG_HOME/antiphon/token\\-*\\fR\n"
	       "The token of the session, one file a server, mode 0600.\n"
	       ".TP\n\\fI$XDG_CONFIG_HOME/antiphon/model\\-*\\fR\n"
	       "What chat knows of an account, and messages that wait to be sent; it may be "
	       "removed.\n");
}

/* --- completions --- */

/* What an argument's words are: "EVENT", "COMMAND|EVENT"; other words are the user's. */
static bool takes(const struct command *c, const char *word)
{
	return strstr(c->arguments, word) != NULL;
}

static void event_names(const char *between)
{
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (schema_events[i].kind != KIND_EMIT && schema_events[i].kind != KIND_CONNECT)
			printf("%s%s", schema_events[i].name, between);
	}
}

static void command_names(const char *between)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("%s%s", commands[i].name, between);
}

static void option_names(const struct command_option *o)
{
	for (; o->name; o++)
		printf("--%s ", o->name);
}

static void bash(void)
{
	printf("# SPDX-License-Identifier: MIT\n"
	       "_antiphon() {\n"
	       "  local word=${COMP_WORDS[COMP_CWORD]} command= words= i\n"
	       "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "    case ${COMP_WORDS[i]} in\n"
	       "      --server | --config) ((i++)) ;;\n"
	       "      -*) ;;\n"
	       "      *) command=${COMP_WORDS[i]}; break ;;\n"
	       "    esac\n"
	       "  done\n"
	       "  case $command in\n"
	       "    '') words='");
	command_names(" ");
	printf("' ;;\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		printf("    %s) words='", commands[i].name);
		option_names(commands[i].options);
		if (takes(&commands[i], "COMMAND"))
			command_names(" ");
		if (takes(&commands[i], "EVENT"))
			event_names(" ");
		printf("' ;;\n");
	}
	printf("  esac\n  [[ $word == -* ]] && words+=' ");
	option_names(commands_globals);
	printf("'\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\n"
	       "complete -o default -F _antiphon antiphon\n");
}

/* Text between single quotes, for zsh's _arguments and for fish: quotes and what ends a field are taken out of it. */
static void quoted(const char *text, const char *without)
{
	for (; *text; text++) {
		if (*text == '\'')
			printf("'\\''");
		else if (!strchr(without, *text))
			putchar(*text);
	}
}

static void zsh_options(const struct command_option *o)
{
	for (; o->name; o++) {
		printf(" \\\n        '--%s%s[", o->name, o->value ? "=" : "");
		quoted(o->doc, "[]:`\\");
		printf("]%s%s%s'", o->value ? ":" : "", o->value ? o->value : "",
			o->value && strcmp(o->value, "DIR") == 0 ? ":_files -/"
			: o->value                               ? ": "
								 : "");
	}
}

static void zsh(void)
{
	printf("#compdef antiphon\n# SPDX-License-Identifier: MIT\n_antiphon() {\n"
	       "  local line state\n  local -a all events globals\n  all=(\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		printf("    '%s:", commands[i].name);
		quoted(commands[i].summary, ":`\\");
		printf("'\n");
	}
	printf("  )\n  events=(");
	event_names(" ");
	printf(")\n  globals=(");
	zsh_options(commands_globals);
	printf(")\n  _arguments -C $globals '1: :->command' '*:: :->argument'\n"
	       "  case $state in\n    command) _describe command all ;;\n"
	       "    argument)\n      case $line[1] in\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command *c = &commands[i];
		printf("      %s) _arguments $globals", c->name);
		zsh_options(c->options);
		printf(" '*: :%s' ;;\n", takes(c, "COMMAND")
						 ? "{ _describe command all; compadd $events }"
					 : takes(c, "EVENT") ? "{ compadd $events }"
					 : takes(c, "FILE")  ? "_files"
							     : "");
	}
	printf("      esac ;;\n  esac\n}\n_antiphon \"$@\"\n");
}

static void fish_options(const char *when, const struct command_option *o)
{
	for (; o->name; o++) {
		printf("complete -c antiphon -n '%s' -l %s%s -d '", when, o->name,
			o->value ? " -r" : "");
		quoted(o->doc, "`\\");
		printf("'\n");
	}
}

static void fish(void)
{
	char when[100];

	printf("# SPDX-License-Identifier: MIT\ncomplete -c antiphon -f\n");
	fish_options("true", commands_globals);
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		const struct command *c = &commands[i];
		printf("complete -c antiphon -n __fish_use_subcommand -a %s -d '", c->name);
		quoted(c->summary, "`\\");
		printf("'\n");
		snprintf(when, sizeof when, "__fish_seen_subcommand_from %s", c->name);
		fish_options(when, c->options);
		if (takes(c, "COMMAND") || takes(c, "EVENT")) {
			printf("complete -c antiphon -n '%s' -a '", when);
			if (takes(c, "COMMAND"))
				command_names(" ");
			event_names(" ");
			printf("'\n");
		}
		if (takes(c, "FILE"))
			printf("complete -c antiphon -n '%s' -F\n", when);
	}
}

static const struct {
	const char *name;
	void (*print)(void);
	bool listed; /* a page of docs/reference */
} pages[] = {
	{ "commands.md", markdown, true },
	{ "antiphon.1", man_page, false },
	{ "antiphon.bash", bash, false },
	{ "antiphon.zsh", zsh, false },
	{ "antiphon.fish", fish, false },
};

int main(int argc, char **argv)
{
	struct str wanted = str_of(argc == 2 ? argv[1] : "");
	bool list = str_eq(wanted, STR("--list"));

	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		if (list && pages[i].listed)
			puts(pages[i].name);
		if (str_eq(wanted, str_of(pages[i].name))) {
			pages[i].print();
			return EX_OK;
		}
	}
	if (list)
		return EX_OK;
	fprintf(stderr, "usage: manual PAGE | --list\n");
	return EX_USAGE;
}
