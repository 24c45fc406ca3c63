/* SPDX-License-Identifier: MIT
 *
 * part - see part.h.
 *
 * Layer: files.  Threads: a part one at a time.
 */
#include "files/part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/buf.h"
#include "files/picture.h"

#define WHOLE_SUFFIX ".whole"

enum { READ_BYTES = 256 * 1024, NAME_BYTES = UUID_TEXT_BYTES + 1 };

struct parts {
	int folder;
	struct buf path; /* of the folder, with a NUL */
};

struct part {
	struct parts *parts;
	int fd;
	int64_t size;
	bool is_new; /* the folder does not know it for good yet */
	char name[NAME_BYTES];
};

static void name_of(struct uuid id, char out[NAME_BYTES])
{
	uuid_text(id, out);
	out[UUID_TEXT_BYTES] = '\0';
}

enum err parts_new(const char *data_folder, struct parts **out)
{
	struct parts *p = calloc(1, sizeof *p);

	if (!p)
		return ERR_NOMEM;
	buf_printf(&p->path, "%s/uploads", data_folder);
	buf_byte(&p->path, '\0'); /* so that p->path.p ends */
	p->folder = -1;
	if (!buf_failed(&p->path) && (mkdir(p->path.p, 0700) == 0 || errno == EEXIST))
		p->folder = open(p->path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->folder < 0) {
		parts_free(p);
		return ERR_UNAVAILABLE;
	}
	*out = p;
	return ERR_OK;
}

void parts_free(struct parts *p)
{
	if (!p)
		return;
	if (p->folder >= 0)
		close(p->folder);
	buf_done(&p->path);
	free(p);
}

enum err parts_remove(struct parts *p, struct uuid id)
{
	char name[NAME_BYTES];

	name_of(id, name);
	return unlinkat(p->folder, name, 0) == 0 || errno == ENOENT ? ERR_OK : ERR_UNAVAILABLE;
}

enum err parts_sweep(struct parts *p, enum err (*wanted)(void *context, struct uuid id, bool *keep),
	void *context)
{
	DIR *folder = opendir(p->path.p);
	struct dirent *entry;
	enum err e = ERR_OK;

	if (!folder)
		return ERR_UNAVAILABLE;
	while (!e && (entry = readdir(folder)) != NULL) {
		struct uuid id;
		bool keep = entry->d_name[0] == '.';
		if (!keep && !uuid_parse(str_of(entry->d_name), &id))
			e = wanted(context, id, &keep);
		if (!e && !keep && unlinkat(p->folder, entry->d_name, 0) != 0)
			e = ERR_UNAVAILABLE;
	}
	closedir(folder);
	return e;
}

/* Cuts off what does not count; says how it stands with the file. */
static enum err part_begin(struct part *p, int64_t offset)
{
	struct stat st;

	p->fd = openat(
		p->parts->folder, p->name, O_RDWR | O_CLOEXEC | (offset ? 0 : O_CREAT), 0600);
	if (p->fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_UNAVAILABLE;
	if (fstat(p->fd, &st) != 0)
		return ERR_UNAVAILABLE;
	if (st.st_size < offset)
		return ERR_NOT_FOUND;
	p->is_new = offset == 0;
	return part_cut(p, offset);
}

enum err part_open(struct parts *parts, struct uuid id, int64_t offset, struct part **out)
{
	struct part *p = calloc(1, sizeof *p);

	if (!p)
		return ERR_NOMEM;
	p->parts = parts;
	name_of(id, p->name);
	enum err e = part_begin(p, offset);
	if (e) {
		part_free(p);
		return e;
	}
	*out = p;
	return ERR_OK;
}

void part_free(struct part *p)
{
	if (!p)
		return;
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

enum err part_append(struct part *p, struct str bytes)
{
	while (bytes.n) {
		ssize_t n = pwrite(p->fd, bytes.p, bytes.n, p->size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_UNAVAILABLE;
		p->size += n;
		bytes = str_after(bytes, (size_t)n);
	}
	return ERR_OK;
}

enum err part_flush(struct part *p)
{
	if (fdatasync(p->fd) != 0)
		return ERR_UNAVAILABLE;
	if (p->is_new && fsync(p->parts->folder) != 0)
		return ERR_UNAVAILABLE;
	p->is_new = false;
	return ERR_OK;
}

int64_t part_size(const struct part *p)
{
	return p->size;
}

enum err part_cut(struct part *p, int64_t size)
{
	if (ftruncate(p->fd, size) != 0)
		return ERR_UNAVAILABLE;
	p->size = size;
	return ERR_OK;
}

/* Calls fn with the bytes from `from` on, piece by piece. */
static enum err read_through(const struct part *p, int64_t from,
	void (*fn)(void *context, struct str piece), void *context)
{
	char *piece = malloc(READ_BYTES);
	ssize_t n = 0;

	if (!piece)
		return ERR_NOMEM;
	for (; from < p->size; from += n) {
		n = pread(p->fd, piece, READ_BYTES, from);
		if (n < 0 && errno == EINTR) {
			n = 0;
			continue;
		}
		if (n <= 0)
			break;
		fn(context, (struct str){ piece, (size_t)n });
	}
	free(piece);
	return n < 0 || from < p->size ? ERR_UNAVAILABLE : ERR_OK;
}

size_t part_sum_bytes(enum part_sum kind)
{
	return kind == PART_SHA1 ? 20 : 32;
}

static void sum_add(void *context, struct str piece)
{
	EVP_DigestUpdate(context, piece.p, piece.n);
}

enum err part_sum(struct part *p, int64_t from, enum part_sum kind, uint8_t out[PART_SUM_BYTES_MAX])
{
	EVP_MD_CTX *sum = EVP_MD_CTX_new();
	enum err e = sum ? ERR_OK : ERR_NOMEM;

	if (!e && !EVP_DigestInit_ex(sum, kind == PART_SHA1 ? EVP_sha1() : EVP_sha256(), NULL))
		e = ERR_NOMEM;
	if (!e)
		e = read_through(p, from, sum_add, sum);
	if (!e && !EVP_DigestFinal_ex(sum, out, NULL))
		e = ERR_NOMEM;
	EVP_MD_CTX_free(sum);
	return e;
}

static void hash_add(void *context, struct str piece)
{
	hash_stream_add(context, piece);
}

/* Sniffs the beginning; behind an ID3 tag that fills it, what follows the tag. */
static enum err content_sniff(const struct part *p, struct upload_content *c)
{
	char head[SNIFF_BYTES];
	ssize_t n = pread(p->fd, head, sizeof head, 0);

	if (n < 0)
		return ERR_UNAVAILABLE;
	size_t tag = sniff_tag((struct str){ head, (size_t)n });
	if (tag > 0 && tag < (size_t)p->size) {
		n = pread(p->fd, head, sizeof head, (off_t)tag);
		if (n < 0)
			return ERR_UNAVAILABLE;
	}
	struct sniffed s = sniff((struct str){ head, (size_t)n });
	c->kind = s.kind;
	c->mime = s.mime;
	return ERR_OK;
}

static enum err picture_read(void *context, uint64_t at, char *out, size_t n, size_t *got)
{
	const struct part *p = context;
	ssize_t count = pread(p->fd, out, n, (off_t)at);

	if (count < 0)
		return ERR_UNAVAILABLE;
	*got = (size_t)count;
	return ERR_OK;
}

enum err part_admit_picture(struct part *p, struct arena *a, const char **sentence)
{
	struct upload_content c;
	enum err e = content_sniff(p, &c);

	if (e || c.kind != SNIFF_PICTURE)
		return e;
	return picture_admit(&(struct picture_source){ picture_read, p }, a, sentence);
}

/*
 * The blob store renames what it takes over. So that the upload is still whole if the row of the
 * blob never comes, it gets a second name of the same file; nothing changes a part that is
 * complete.
 */
static enum err adopt(struct part *p, struct blobs *blobs, const struct blob *blob)
{
	char second[NAME_BYTES + sizeof WHOLE_SUFFIX];
	struct buf path = { 0 };
	enum err e = ERR_NOMEM;

	snprintf(second, sizeof second, "%s" WHOLE_SUFFIX, p->name);
	buf_printf(&path, "%s/%s", p->parts->path.p, second);
	if (!buf_failed(&path)) {
		int linked = linkat(p->parts->folder, p->name, p->parts->folder, second, 0);
		e = linked == 0 || errno == EEXIST ? blob_adopt(blobs, path.p, blob)
		                                   : ERR_UNAVAILABLE;
		unlinkat(p->parts->folder, second,
			0); /* rename leaves it where both names were one file */
	}
	buf_done(&path);
	return e;
}

enum err part_adopt(struct part *p, struct blobs *blobs, struct upload_content *out)
{
	struct upload_content c = { .blob.size = p->size };
	struct hash_stream *hash;
	enum err e = hash_stream_new(&hash);

	if (e)
		return e;
	e = read_through(p, 0, hash_add, hash);
	c.blob.digest = hash_stream_end(hash);
	hash_stream_free(hash);
	if (!e)
		e = content_sniff(p, &c);
	if (!e)
		e = adopt(p, blobs, &c.blob);
	if (!e)
		*out = c;
	return e;
}
