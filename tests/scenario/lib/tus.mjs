// SPDX-License-Identifier: MIT
//
// tus - uploads by the tus 1.0 protocol, in as few words as it takes.
import { createHash } from 'node:crypto';

const version = { 'tus-resumable': '1.0.0' };

export function metadata(entries) {
  return Object.entries(entries).map(([k, v]) => `${k} ${Buffer.from(v).toString('base64')}`).join(',');
}

// POST: gives { response, path, id }.
export async function create(server, token, length, entries) {
  const response = await server.api('POST', '/api/v1/uploads', {
    token, headers: { ...version, 'upload-length': String(length), 'upload-metadata': metadata(entries) },
  });
  const path = response.headers.get('location') && new URL(response.headers.get('location'), server.url).pathname;
  return { response, path, id: path?.split('/').pop() };
}

// HEAD: the offset, or the status when there is none.
export async function offset(server, token, path) {
  const r = await server.api('HEAD', path, { token, headers: version });
  return r.status === 200 ? Number(r.headers.get('upload-offset')) : -r.status;
}

export function append(server, token, path, at, bytes, headers = {}) {
  return server.api('PATCH', path, {
    token, body: bytes,
    headers: { ...version, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(at), ...headers },
  });
}

export function sha1(bytes) {
  return { 'upload-checksum': `sha1 ${createHash('sha1').update(bytes).digest('base64')}` };
}

// The whole way; gives the uploadId.
export async function upload(server, token, bytes, entries, piece = 1 << 20) {
  const { response, path, id } = await create(server, token, bytes.length, entries);
  if (response.status !== 201) throw new Error(`tus creation: ${response.status} ${await response.text()}`);
  for (let at = 0; at < bytes.length; at += piece) {
    const part = bytes.subarray(at, at + piece);
    const r = await append(server, token, path, at, part, sha1(part));
    if (r.status !== 204) throw new Error(`tus PATCH: ${r.status} ${await r.text()}`);
  }
  return id;
}
