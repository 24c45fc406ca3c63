// SPDX-License-Identifier: MIT
//
// connection - the one connection to the server with its two namespaces: whether it stands, requests, events.
//
// A request waits until its namespace can be asked (/chat: after the snapshot, /music: after USER_CONNECT) and is
// refused with `unavailable` when that or the answer takes too long. Nothing is repeated here: what must not be lost
// is kept by who asks (chat/outbox).
import { computed, effect, signal } from '@preact/signals';
import { Manager, type Socket } from 'socket.io-client';
import type {
  Answer,
  ChatEvents,
  ChatRequests,
  ConnectionError,
  ErrorOccured,
  MusicEvents,
  MusicRequests,
  PresenceDigest,
  Snapshot,
  UsersAnswer,
} from './protocol';
import { Refused } from './refused';
import { persist } from './retry';
import { until } from './until';

export type Link = 'connecting' | 'online' | 'offline';

const PATIENCE = 20_000; // how long a request waits, milliseconds
const AGAIN = 5_000; // before a namespace that was refused for a passing reason is asked for once more

/** An event of the server, within the page. Not a CustomEvent, which Node 18 does not have. */
class Told extends Event {
  constructor(
    name: string,
    readonly payload: unknown,
  ) {
    super(name);
  }
}

const events = { chat: new EventTarget(), music: new EventTarget() };
const ready = { chat: signal(false), music: signal(false) };
/** The first attempt is over: with success, or without. */
const isTried = signal(false);

/** Whether both namespaces can be asked. `connecting` until the first attempt has shown it. */
export const link = computed<Link>(() => {
  if (ready.chat.value && ready.music.value) return 'online';
  return isTried.value ? 'offline' : 'connecting';
});

effect(() => {
  if (link.value === 'online') isTried.value = true;
});

let manager: Manager | null = null;
let sockets: { chat: Socket; music: Socket } | null = null;

type Space = 'chat' | 'music';
interface Spaces {
  chat: { requests: ChatRequests; events: ChatEvents };
  music: { requests: MusicRequests; events: MusicEvents };
}

/** Calls `take` with every event of that name; returns what ends it. */
export function on<S extends Space, E extends keyof Spaces[S]['events'] & string>(
  space: S,
  event: E,
  take: (payload: Spaces[S]['events'][E]) => void,
): () => void {
  const listener = (e: Event) => {
    if (e instanceof Told) take(e.payload as Spaces[S]['events'][E]);
  };
  events[space].addEventListener(event, listener);
  return () => events[space].removeEventListener(event, listener);
}

/** What DATA_RECEIVED brings unasked, by its dataType. */
interface Data {
  snapshot: Snapshot;
  presence: PresenceDigest;
}

/** Calls `take` with every DATA_RECEIVED of that dataType; returns what ends it. */
export function onData<T extends keyof Data>(type: T, take: (data: Data[T]) => void): () => void {
  return on('chat', 'DATA_RECEIVED', ({ dataType, data }) => {
    if (dataType === type) take(data as Data[T]);
  });
}

/** Tells those who listen what a request of this page has changed, as the server tells it to all others. */
export function echo<S extends Space, E extends keyof Spaces[S]['events'] & string>(
  space: S,
  event: E,
  payload: Spaces[S]['events'][E],
): void {
  events[space].dispatchEvent(new Told(event, payload));
}

const unreachable = () => new Refused('unavailable', 'The server cannot be reached; try again.');

/** Asks, and gives the acknowledgement. Refused as the server says, or `unavailable`. */
export async function request<S extends Space, E extends keyof Spaces[S]['requests'] & string>(
  space: S,
  event: E,
  payload: Spaces[S]['requests'][E] extends { payload: infer P } ? P : never,
): Promise<Spaces[S]['requests'][E] extends { answer: infer A } ? A : never> {
  if (!(await until(ready[space], PATIENCE)) || !sockets) throw unreachable();
  return ask(sockets[space], event, payload);
}

type Refusal = Extract<Answer<unknown>, { ok: false }>['error'] & { retryAfterMs?: number | null };

function refusalOf(error: Refusal): Refused {
  return new Refused(error.errorCode, error.errorMessage, error.retryAfterMs ?? null);
}

/** Requests whose answer was lost with the connection: no event tells this page what became of them. */
let isInDoubt = false;

async function ask<A>(socket: Socket, event: string, payload: unknown): Promise<A> {
  let answer: Answer<A>;
  try {
    answer = (await socket.timeout(PATIENCE).emitWithAck(event, payload)) as Answer<A>;
  } catch {
    isInDoubt = true;
    throw unreachable();
  }
  if (!answer.ok) throw refusalOf(answer.error);
  return answer;
}

/** Says something that may be lost: it is dropped unless it can go out at once. */
export function say<E extends keyof ChatRequests>(event: E, payload: ChatRequests[E]['payload']): void {
  if (ready.chat.peek()) sockets?.chat.volatile.emit(event, payload);
}

/** False for a socket of a session that has ended. */
function isCurrent(socket: Socket): boolean {
  return socket === sockets?.chat || socket === sockets?.music;
}

function relay(socket: Socket, space: Space): void {
  socket.onAny((event: string, payload: unknown) => {
    if (isCurrent(socket)) events[space].dispatchEvent(new Told(event, payload));
  });
}

/** USER_CONNECT opens /music; who is connected comes with its answer. */
async function enter(music: Socket): Promise<void> {
  try {
    const { users } = await persist(
      () => ask<UsersAnswer>(music, 'USER_CONNECT', {}),
      () => music.connected && isCurrent(music),
    );
    echo('music', 'USER_CONNECTED', users);
    ready.music.value = true;
  } catch {
    // Another connection does it, or none.
  }
}

// The snapshot is the first event of /chat; those who listen to it have it before anybody may ask.
let hasBegun = false;
onData('snapshot', () => {
  hasBegun = true;
  queueMicrotask(() => (ready.chat.value = sockets?.chat.connected ?? false));
});

/** The server has recovered the socket: there is no snapshot, what was missed has come as events. */
async function resume(chat: Socket): Promise<void> {
  if (isInDoubt) {
    isInDoubt = false;
    try {
      const { data } = await ask<{ data: Snapshot }>(chat, 'GET_SNAPSHOT', {});
      echo('chat', 'DATA_RECEIVED', { dataType: 'snapshot', data, timestamp: '' });
    } catch {
      // The next one that is recovered asks again.
    }
  }
  ready.chat.value = chat.connected && isCurrent(chat);
}

/** Connects with a token. `expired` is called when the server no longer takes it. */
export function open(token: string, expired: () => void): void {
  close();
  hasBegun = isInDoubt = false;
  manager = new Manager({ reconnectionDelay: 500, reconnectionDelayMax: 5000 });
  manager.on('error', () => (isTried.value = true));
  const auth = { token };
  const [chat, music] = [manager.socket('/chat', { auth }), manager.socket('/music', { auth })];
  sockets = { chat, music };
  relay(chat, 'chat');
  relay(music, 'music');
  chat.on('connect', () => {
    if (chat.recovered && hasBegun) void resume(chat);
  });
  chat.on('disconnect', () => (ready.chat.value = false));
  music.on('connect', () => void enter(music));
  music.on('disconnect', () => (ready.music.value = false));
  for (const socket of [chat, music]) {
    socket.on('ERROR_OCCURED', (error: ErrorOccured) => {
      // `forbidden`: the account was suspended.
      if (error.event === null && /^(unauthorized|forbidden)$/.test(error.errorCode)) expired();
    });
    socket.on('connect_error', (error: Error & { data?: ConnectionError }) => {
      if (error.data?.errorCode === 'unauthorized') expired();
      else if (!socket.active) setTimeout(() => isCurrent(socket) && socket.connect(), AGAIN);
    });
    socket.connect();
  }
}

/** Ends the connection; nothing is heard of it any more. */
export function close(): void {
  ready.chat.value = false;
  ready.music.value = false;
  isTried.value = false;
  sockets?.chat.disconnect();
  sockets?.music.disconnect();
  manager?.engine.close();
  manager = null;
  sockets = null;
}

/** The network is back, says the browser: does not wait for the next attempt. */
export function wake(): void {
  if (!sockets || link.peek() === 'online') return;
  sockets.chat.connect();
  sockets.music.connect();
}
