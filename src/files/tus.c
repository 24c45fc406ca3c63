/* SPDX-License-Identifier: MIT
 *
 * tus - see tus.h.
 *
 * Layer: files.  Threads: any.
 */
#include "files/tus.h"

#include "base/limits.h"
#include "base/text.h"

enum { FILENAME_MAX_CODE_POINTS = 255 };

enum err tus_number(struct str value, int64_t *out)
{
	return text_digits(value, out) ? ERR_OK : ERR_BAD_REQUEST;
}

static struct str until(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return (struct str){ s.p, at ? (size_t)(at - s.p) : s.n };
}

/* The decoded value, in the arena: UTF-8 without NUL. */
static enum err value_of(struct str base64, struct arena *a, struct str *out)
{
	struct buf b = { 0 };
	enum err e = hash_parse_base64(base64, BASE64_PADDED, &b);

	if (!e && (!text_is_utf8(buf_str(&b)) || (b.n && memchr(b.p, '\0', b.n))))
		e = ERR_BAD_REQUEST;
	if (!e) {
		*out = arena_dup(a, buf_str(&b));
		e = out->p ? ERR_OK : ERR_NOMEM;
	}
	buf_done(&b);
	return e;
}

static enum err purpose_of(struct str word, enum upload_purpose *out)
{
	static const struct {
		const char *word;
		enum upload_purpose purpose;
	} words[] = { { "track", UPLOAD_PURPOSE_TRACK }, { "file", UPLOAD_PURPOSE_FILE },
		{ "avatar", UPLOAD_PURPOSE_AVATAR } };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (str_eq(word, str_of(words[i].word))) {
			*out = words[i].purpose;
			return ERR_OK;
		}
	}
	return ERR_BAD_REQUEST;
}

struct metadata {
	struct upload_new *out;
	bool has_purpose;
	const char *sentence;
};

/* One pair; an unknown key is passed over with whatever it has. */
static enum err pair_take(struct metadata *m, struct str key, struct str base64, struct arena *a)
{
	struct str value = { NULL, 0 };
	bool known = str_eq(key, STR("filename")) || str_eq(key, STR("purpose")) ||
	             str_eq(key, STR("groupId"));
	enum err e = known ? value_of(base64, a, &value) : ERR_OK;

	m->sentence = "Upload-Metadata must be pairs of a key and a base64 value of UTF-8 text.";
	if (e || !known)
		return e;
	if (str_eq(key, STR("purpose"))) {
		m->has_purpose = true;
		m->sentence = "The metadata purpose must be track, file or avatar.";
		return purpose_of(value, &m->out->purpose);
	}
	if (str_eq(key, STR("groupId"))) {
		m->out->has_group = true;
		m->sentence = "The metadata groupId must be a UUID.";
		return uuid_parse(value, &m->out->group_id);
	}
	m->sentence = "The metadata filename must have at most 255 characters.";
	m->out->filename = value;
	return text_length(value) > FILENAME_MAX_CODE_POINTS ? ERR_BAD_REQUEST : ERR_OK;
}

static enum err metadata_take(struct metadata *m, struct str metadata, struct arena *a)
{
	enum err e = ERR_OK;

	m->sentence = "Upload-Metadata is too long.";
	if (metadata.n > UPLOAD_METADATA_MAX)
		return ERR_BAD_REQUEST;
	while (metadata.n && !e) {
		struct str pair = until(metadata, ',');
		metadata = str_after(metadata, pair.n < metadata.n ? pair.n + 1 : pair.n);
		while (pair.n && pair.p[0] == ' ')
			pair = str_after(pair, 1);
		struct str key = until(pair, ' ');
		struct str value = str_after(pair, key.n < pair.n ? key.n + 1 : key.n);
		while (value.n && value.p[value.n - 1] == ' ')
			value.n--;
		e = pair_take(m, key, value, a);
	}
	return e;
}

enum err tus_creation(struct str length, struct str metadata, struct arena *a,
	struct upload_new *out, const char **sentence)
{
	struct upload_new in = { .size = 0 };
	struct metadata m = { .out = &in };
	enum err e = tus_number(length, &in.size);

	if (e) {
		*sentence = "Upload-Length must be a number of bytes.";
		return e;
	}
	e = metadata_take(&m, metadata, a);
	if (!e && !m.has_purpose) {
		m.sentence = "The metadata purpose is missing: track, file or avatar.";
		e = ERR_BAD_REQUEST;
	}
	if (!e && in.purpose == UPLOAD_PURPOSE_FILE && in.filename.n == 0)
		in.filename = STR("file");
	if (e)
		*sentence = m.sentence;
	else
		*out = in;
	return e;
}

enum err tus_checksum_read(struct str value, struct tus_checksum *out)
{
	struct str name = until(value, ' ');
	struct str base64 = str_after(value, name.n < value.n ? name.n + 1 : name.n);
	struct buf b = { 0 };

	if (str_eq(name, STR("sha1")))
		out->kind = PART_SHA1;
	else if (str_eq(name, STR("sha256")))
		out->kind = PART_SHA256;
	else
		return ERR_BAD_REQUEST;
	enum err e = hash_parse_base64(base64, BASE64_PADDED, &b);
	if (!e && b.n != part_sum_bytes(out->kind))
		e = ERR_BAD_REQUEST;
	if (!e)
		memcpy(out->sum, b.p, b.n);
	buf_done(&b);
	return e;
}
