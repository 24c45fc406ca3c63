/* SPDX-License-Identifier: MIT
 *
 * test_url - addresses taken apart, and the proxies of an environment.
 *
 * Layer: tests.  Threads: one.
 */
#include "../../cmocka_all.h"

#include "base/buf.h"
#include "client/link/url.h"

/* As "secure user host port own path query". */
static const struct {
	const char *text, *out;
} taken[] = {
	{ "http://example.org", "0 <> example.org 80 0 <> <>" },
	{ "https://example.org", "1 <> example.org 443 0 <> <>" },
	{ "ws://example.org/", "0 <> example.org 80 0 </> <>" },
	{ "WSS://example.org:443/x?y=z", "1 <> example.org 443 0 </x> <y=z>" },
	{ "https://example.org:80", "1 <> example.org 80 1 <> <>" },
	{ "http://example.org:8080?a=/b", "0 <> example.org 8080 1 <> <a=/b>" },
	{ "http://example.org/a#b?c", "0 <> example.org 80 0 </a> <>" },
	{ "http://[::1]:3000/", "0 <> ::1 3000 1 </> <>" },
	{ "http://[::1]", "0 <> ::1 80 0 <> <>" },
	{ "http://me:p@ss@proxy:3128", "0 <me:p@ss> proxy 3128 1 <> <>" },
	{ "localhost:3000", "0 <> localhost 3000 1 <> <>" },
	{ "127.0.0.1", "0 <> 127.0.0.1 80 0 <> <>" },
	{ "http://example.org:", "0 <> example.org 80 0 <> <>" },
};

static void addresses_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(taken); i++) {
		CLEANUP(buf_done) struct buf out = { 0 };
		struct url u;

		if (url_parse(str_of(taken[i].text), &u))
			fail_msg("%s is refused", taken[i].text);
		buf_printf(&out, "%d <" STR_FMT "> " STR_FMT " %d %d <" STR_FMT "> <" STR_FMT ">",
			u.secure, STR_ARG(u.user), STR_ARG(u.host), u.port, u.port_is_own,
			STR_ARG(u.path), STR_ARG(u.query));
		if (!str_eq(buf_str(&out), str_of(taken[i].out)))
			fail_msg("%s: " STR_FMT, taken[i].text, STR_ARG(buf_str(&out)));
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const texts[] = { "", "http://", "http:///x", "ftp://example.org",
		"http://exam ple.org", "http://example.org/\r\nHost: x", "http://ex%41mple.org",
		"http://example.org:0", "http://example.org:65536", "http://example.org:x",
		"http://example.org:123456", "http://[::1", "http://[]", "http://[::1]x",
		"http://\xc3\xa9.org" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct url u;
		if (url_parse(str_of(texts[i]), &u) != ERR_BAD_REQUEST)
			fail_msg("%s is taken", texts[i]);
	}
}

static char *no_environment(const char *name)
{
	(void)name;
	return NULL;
}

static char *some_environment(const char *name)
{
	static char plain[] = "http://plain:1", secure[] = "http://secure:2",
		    excepted[] = "inner.org, .dotted.org,10.0.0.1,[::1]",
		    foreign[] = "http://evil:9";

	if (strcmp(name, "http_proxy") == 0)
		return plain;
	if (strcmp(name, "HTTP_PROXY") == 0)
		return foreign;
	if (strcmp(name, "HTTPS_PROXY") == 0)
		return secure;
	return strcmp(name, "no_proxy") == 0 ? excepted : NULL;
}

static char *one_for_all(const char *name)
{
	static char all[] = "http://all:3", foreign[] = "http://evil:9";

	if (strcmp(name, "HTTP_PROXY") == 0)
		return foreign;
	return strcmp(name, "all_proxy") == 0 ? all : NULL;
}

static char *but_for_none(const char *name)
{
	static char all[] = "http://all:3", none[] = "*";

	return strcmp(name, "NO_PROXY") == 0 ? none : strcmp(name, "all_proxy") == 0 ? all : NULL;
}

static void the_environment_names_proxies(void **state)
{
	static const struct {
		const char *url;
		char *(*environment)(const char *name);
		const char *proxy;
	} cases[] = {
		{ "http://example.org", NULL, NULL },
		{ "http://example.org", no_environment, NULL },
		{ "ws://example.org", some_environment, "http://plain:1" },
		{ "wss://example.org", some_environment, "http://secure:2" },
		{ "http://inner.org", some_environment, NULL },
		{ "http://deep.INNER.org", some_environment, NULL },
		{ "http://dinner.org", some_environment, "http://plain:1" },
		{ "http://dotted.org", some_environment, NULL },
		{ "http://a.dotted.org", some_environment, NULL },
		{ "http://10.0.0.1", some_environment, NULL },
		{ "http://[::1]", some_environment, NULL },
		{ "http://example.org", one_for_all, "http://all:3" },
		{ "https://example.org", one_for_all, "http://all:3" },
		{ "https://example.org", but_for_none, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str proxy = { 0 };
		struct url u;

		assert_int_equal(url_parse(str_of(cases[i].url), &u), ERR_OK);
		bool found = url_proxy(&u, cases[i].environment, &proxy);
		if (found != (cases[i].proxy != NULL) || !str_eq(proxy, str_of(cases[i].proxy)))
			fail_msg("%zu %s: " STR_FMT, i, cases[i].url, STR_ARG(proxy));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_taken_apart),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(the_environment_names_proxies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
