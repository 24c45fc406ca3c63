// SPDX-License-Identifier: MIT
//
// http - calls of the HTTP API, typed by the server's table of routes.
import { type ErrorCode, ROUTES, type Routes } from './protocol';
import { Refused } from './refused';

/** Who asks; set by session. */
export const bearer: { token: string | null; expired: () => void } = { token: null, expired: () => undefined };

interface Problem {
  errorCode?: ErrorCode;
  detail?: string;
  title?: string;
}

async function problemOf(answer: Response): Promise<Refused> {
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  return new Refused(problem.errorCode ?? 'internal', problem.detail ?? problem.title ?? answer.statusText);
}

/** The path of a route with the payload's field that stands in it, and the rest of the payload. */
function fill(path: string, payload: object): [string, object] {
  if (!path.includes(':id')) return [path, payload];
  const { id, ...rest } = payload as { id: string };
  return [path.replace(':id', encodeURIComponent(id)), rest];
}

/**
 * Calls a route. Refused when the server says no, with code `unavailable` when it cannot be reached.
 * A session that has ended is told to `bearer.expired` as well.
 */
export async function call<R extends keyof Routes>(
  route: R,
  payload: Routes[R]['payload'],
): Promise<Routes[R]['answer']> {
  const { method, path } = ROUTES[route];
  const [address, fields] = fill(path, payload);
  const headers: Record<string, string> = {};
  const sent = bearer.token;
  if (sent !== null) headers.Authorization = `Bearer ${sent}`;
  const hasBody = method === 'POST' || method === 'PATCH';
  if (hasBody) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(address, { method, headers, ...(hasBody && { body: JSON.stringify(fields) }) });
  } catch {
    throw new Refused('unavailable', 'The server cannot be reached.');
  }
  if (!answer.ok) {
    const refused = await problemOf(answer);
    if (answer.status === 401 && sent !== null && sent === bearer.token) bearer.expired();
    throw refused;
  }
  return (answer.status === 204 ? {} : await answer.json()) as Routes[R]['answer'];
}
