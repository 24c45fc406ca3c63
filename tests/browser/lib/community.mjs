// SPDX-License-Identifier: MIT
//
// community - people, conversations and music as a community has after a while, for pictures of the pages.
// Names are long and short, in several scripts; there is a wall of text, and something of everything that is shown.
import { must } from '../../scenario/lib/antiphon.mjs';
import { mp3, ogg } from '../../scenario/lib/music.mjs';
import { upload } from '../../scenario/lib/tus.mjs';

const names = {
  ada: 'Ada', boris: 'Борис Иванович', chantal: 'Chantal Dupont-Lefèvre de la Rochefoucauld-Montbel', eleni: 'Ελένη', eve: '',
};

const talk = [
  ['boris', 'Has anybody listened to the new mix yet?'],
  ['chantal', 'Twice! The bridge at **1:23** is the best thing you have done since the *garden* sessions.'],
  ['chantal', 'Here is what I wrote down:\n\n- the bass could be a little quieter\n- the choir should come in *earlier*\n- `-14 LUFS`, please\n\n> silence is part of it\n\n```\nintro  verse  chorus\n8      16     12\n```'],
  ['eleni', 'Η πρόβα αύριο αρχίζει στις επτά. Φέρτε τις παρτιτούρες σας.'],
  ['eve', 'I have put the rehearsal dates at https://example.org/rehearsals, @ada can you look?'],
  ['boris', 'Спасибо! :tada:'],
];

async function track(server, who, bytes, fields) {
  const uploadId = await upload(server, who.account.token, bytes, { filename: fields.title, purpose: 'track' });
  return (await must(who.music, 'PUBLISH_TRACK', { uploadId, ...fields })).track;
}

async function publish(server, people) {
  const pieces = [
    ['boris', ogg(), { title: 'Torus', artist: 'Борис Иванович', album: 'Rings', genre: 'electronic', year: 2024, tags: ['fast', 'bright'] }],
    ['ada', mp3(), { title: 'Antiphon for two choirs, in the mode of the third tone, with a title that does not end where one would think', artist: 'Ada', genre: 'choral', tags: ['slow'] }],
    ['chantal', ogg(), { title: 'Jardin', artist: 'Chantal', year: 2023, tags: ['slow', 'night'] }],
  ];
  const tracks = [];
  for (const [who, bytes, fields] of pieces) tracks.push(await track(server, people[who], bytes, fields));
  const [torus] = tracks;
  await must(people.ada.music, 'PUBLISH_COMMENT', { trackId: torus.id, text: 'The turn here!', positionMs: 9000 });
  await must(people.eve.music, 'PUBLISH_COMMENT', { trackId: torus.id, text: 'I would listen to a whole hour of this.' });
  for (const [who, value] of [['ada', 5], ['chantal', 4], ['eleni', 5]]) await must(people[who].music, 'PUBLISH_RATING', { trackId: torus.id, value });
  return tracks;
}

// Gives { people: { name: { account, chat, music } }, lobby, channel, quiet, direct, tracks }; ids of groups.
export async function community(server) {
  const people = {};
  for (const [name, displayName] of Object.entries(names)) {
    const account = await server.register(name, { displayName, ...(name === 'ada' && { invite: server.adminCode }) });
    people[name] = { account, chat: await server.connect('/chat', account.token), music: await server.connect('/music', account.token) };
    await must(people[name].music, 'USER_CONNECT', {});
  }
  const { ada, boris, chantal } = people;
  const id = (name) => people[name].account.user.id;
  const make = async (who, group) => (await must(who.chat, 'GROUP_CREATED', group)).group.id;
  const lobby = (await must(ada.chat, 'GET_SNAPSHOT', {})).data.groups.find((g) => g.name === 'lobby').id;
  const members = Object.keys(names).filter((n) => n !== 'boris').map(id);
  const channel = await make(boris, { name: 'mixing', kind: 'channel', members });
  const quiet = await make(chantal, { name: 'Répertoire de la saison prochaine et de toutes celles qui viendront', kind: 'private', members: [id('ada')] });
  const direct = await make(ada, { kind: 'direct', members: [id('eleni')] });
  const tracks = await publish(server, people);
  let last;
  for (const [who, message] of talk) last = await must(people[who].chat, 'MESSAGE_SENT', { groupId: channel, message });
  await must(ada.chat, 'MESSAGE_SENT', { groupId: channel, message: 'I will. Listen to this first:', trackIds: [tracks[0].id], replyTo: last.messageId });
  for (const who of ['chantal', 'eleni']) await must(people[who].chat, 'MESSAGE_REACTION', { messageId: last.messageId, reaction: '🎉', on: true });
  for (const who of ['boris', 'eve']) await must(people[who].chat, 'MESSAGE_SENT', { groupId: lobby, message: `Hello from ${who}` });
  await must(people.eleni.chat, 'MESSAGE_SENT', { groupId: direct, message: 'Καλησπέρα!' });
  await must(boris.chat, 'USER_STATUS_CHANGED', { newStatus: 'busy', statusText: 'Torus, on repeat' });
  return { people, lobby, channel, quiet, direct, tracks };
}

// Every page, as { name: { hash, who } }. who: who looks at it; nobody where it is absent, `fresh` an account that has nothing yet.
export const pages = (c) => ({
  'sign-in': { hash: '#/sign-in' },
  register: { hash: '#/register' },
  invite: { hash: '#/invite/an-invite' },
  home: { hash: '#/', who: 'ada' },
  lobby: { hash: `#/g/${c.lobby}`, who: 'fresh' },
  conversation: { hash: `#/g/${c.channel}`, who: 'ada' },
  'conversation-empty': { hash: `#/g/${c.quiet}`, who: 'ada' },
  direct: { hash: `#/g/${c.direct}`, who: 'ada' },
  channels: { hash: '#/channels', who: 'ada' },
  search: { hash: '#/search', who: 'ada' },
  library: { hash: '#/music', who: 'ada' },
  publish: { hash: '#/music/publish', who: 'ada' },
  track: { hash: `#/music/t/${c.tracks[0].id}`, who: 'ada' },
  person: { hash: `#/u/${c.people.boris.account.user.id}`, who: 'ada' },
  ...Object.fromEntries(['appearance', 'notifications', 'profile', 'account', 'people', 'invites'].map((section) =>
    [`settings-${section}`, { hash: `#/settings/${section}`, who: 'ada' }])),
  nowhere: { hash: '#/nowhere', who: 'ada' },
});
