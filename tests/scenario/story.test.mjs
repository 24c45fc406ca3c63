// SPDX-License-Identifier: MIT
//
// story - three people live through both seeds, over WebSocket, over polling, and over the upgrade between them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, count, must, seen, serve, settle, uuid } from './lib/antiphon.mjs';
import { blake2b, mp3, ogg } from './lib/music.mjs';
import { upload } from './lib/tus.mjs';

const transports = {
  'over WebSocket': ['websocket'],
  'over polling': ['polling'],
  'over the upgrade from polling': ['polling', 'websocket'],
};

for (const [name, list] of Object.entries(transports)) {
  test(`both seeds, ${name}`, async (t) => {
    const server = await serve(t);
    const [ann, bob, cleo] = await Promise.all(['Ann', 'Bob', 'Cleo'].map((n) => server.register(n)));
    const options = { transports: list };
    const join = (who) => Promise.all([
      server.connect('/music', who.token, options), server.connect('/chat', who.token, options)]);

    let annMusic, annChat, bobMusic, bobChat, cleoMusic, cleoChat, lobby;

    await t.test('USER_CONNECT is answered by USER_CONNECTED and told to the others', async () => {
      [annMusic, annChat] = await join(ann);
      const first = await must(annMusic, 'USER_CONNECT', {});
      assert.deepEqual(first.users.map((u) => u.username), ['Ann']);
      [bobMusic, bobChat] = await join(bob);
      await must(bobMusic, 'USER_CONNECT', { id: bob.user.id });
      const list2 = await seen(bobMusic, 'USER_CONNECTED');
      assert.deepEqual(list2.map((u) => u.username).sort(), ['Ann', 'Bob']);
      assert.equal((await seen(annMusic, 'USER_CONNECT')).id, bob.user.id);
      [cleoMusic, cleoChat] = await join(cleo);
      await must(cleoMusic, 'USER_CONNECT', {});
      await seen(annMusic, 'USER_CONNECT', (u) => u.id === cleo.user.id);
      assert.equal(count(cleoMusic, 'USER_CONNECT'), 0, 'the newcomer hears of nobody else coming');
      assert.equal((await must(cleoMusic, 'USER_CONNECT', {})).users.length, 3, 'a second one is answered again');
      await settle(annMusic);
      assert.equal(count(annMusic, 'USER_CONNECT', (u) => u.id === cleo.user.id), 1, 'and changes nothing');
    });

    await t.test('DATA_RECEIVED snapshot is the first thing in /chat; USER_CONNECTED follows for the others', async () => {
      for (const s of [annChat, bobChat, cleoChat]) {
        assert.equal((await seen(s, 'DATA_RECEIVED')).dataType, 'snapshot');
        assert.equal(s.seen[0].event, 'DATA_RECEIVED');
      }
      const { data } = await seen(annChat, 'DATA_RECEIVED');
      assert.equal(data.me.username, 'Ann');
      lobby = data.groups.find((g) => g.name === 'lobby');
      assert.equal(lobby.kind, 'channel');
      const came = await seen(annChat, 'USER_CONNECTED', (e) => e.userId === bob.user.id);
      assert.match(came.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    const songs = {};
    await t.test('PUBLISH_TRACK: two real pieces of music', async () => {
      const pieces = { mp3: { bytes: mp3(), mime: 'audio/mpeg' }, ogg: { bytes: ogg(), mime: 'audio/ogg' } };
      for (const [kind, { bytes, mime }] of Object.entries(pieces)) {
        const uploadId = await upload(server, ann.token, bytes, { filename: `song.${kind}`, purpose: 'track' });
        const { track } = await must(annMusic, 'PUBLISH_TRACK', {
          title: `A ${kind} song`, artist: 'Ann’s band', album: 'First', genre: 'rock', year: 2004, tags: ['loud', kind], uploadId,
        });
        assert.match(track.id, uuid);
        assert.equal(track.audio.mime, mime);
        assert.equal(track.audio.size, bytes.length);
        assert.equal(track.audio.blake2b, blake2b(bytes));
        const relayed = await seen(bobMusic, 'PUBLISH_TRACK', (x) => x.id === track.id);
        assert.equal(relayed.title, track.title);
        assert.ok(relayed.rev > 0);
        songs[kind] = { ...track, bytes };
      }
      await settle(annMusic);
      assert.equal(count(annMusic, 'PUBLISH_TRACK'), 0, 'the acknowledgement tells the publisher');
    });

    await t.test('PUBLISH_TRACK with the bytes in the event', async () => {
      const bytes = songs.ogg.bytes.subarray(0, 200000);
      const { track } = await must(bobMusic, 'PUBLISH_TRACK', { title: 'Short', audio: bytes });
      assert.equal(track.audio.blake2b, blake2b(bytes));
      songs.short = { ...track, bytes };
    });

    await t.test('LIST_TRACKS finds by word, tag and user', async () => {
      assert.equal((await must(cleoMusic, 'LIST_TRACKS', {})).total, 3);
      assert.deepEqual((await must(cleoMusic, 'LIST_TRACKS', { query: 'mp3 so' })).tracks.map((x) => x.id), [songs.mp3.id]);
      assert.deepEqual((await must(cleoMusic, 'LIST_TRACKS', { tag: 'ogg' })).tracks.map((x) => x.id), [songs.ogg.id]);
      assert.equal((await must(cleoMusic, 'LIST_TRACKS', { userId: bob.user.id })).total, 1);
      const page = await must(cleoMusic, 'LIST_TRACKS', { sort: 'title', limit: 2 });
      assert.deepEqual(page.tracks.map((x) => x.title), ['A mp3 song', 'A ogg song']);
      const rest = await must(cleoMusic, 'LIST_TRACKS', { sort: 'title', limit: 2, cursor: page.nextCursor });
      assert.deepEqual(rest.tracks.map((x) => x.title), ['Short']);
      assert.equal(rest.nextCursor, null);
    });

    await t.test('PUBLISH_COMMENT at a moment, PUBLISH_RATING twice', async () => {
      const trackId = songs.mp3.id;
      const { comment } = await must(bobMusic, 'PUBLISH_COMMENT', { trackId, text: 'what a bass', positionMs: 83000 });
      assert.equal((await seen(annMusic, 'PUBLISH_COMMENT')).positionMs, 83000);
      assert.equal((await seen(annChat, 'NOTIFICATION_RECEIVED', (n) => n.notificationType === 'comment')).data.commentId, comment.id);
      await must(bobMusic, 'PUBLISH_RATING', { trackId, value: 2 });
      await must(cleoMusic, 'PUBLISH_RATING', { trackId, value: 5 });
      const again = await must(bobMusic, 'PUBLISH_RATING', { trackId, value: 4 });
      assert.deepEqual([again.average, again.count], [4.5, 2]);
      const relayed = await seen(annMusic, 'PUBLISH_RATING', (r) => r.value === 4);
      assert.deepEqual([relayed.average, relayed.count], [4.5, 2]);
      await seen(annChat, 'NOTIFICATION_RECEIVED', (n) => n.notificationType === 'rating');
      assert.equal((await must(annMusic, 'LIST_COMMENTS', { trackId })).comments[0].text, 'what a bass');
      assert.equal((await must(annMusic, 'LIST_RATINGS', { trackId })).ratings.length, 2);
    });

    await t.test('GET_TRACK and GET_USER give the full data model', async () => {
      const { track } = await must(cleoMusic, 'GET_TRACK', songs.mp3.id);
      assert.deepEqual([track.comments.length, track.ratings.length, track.rating.average], [1, 2, 4.5]);
      const { user } = await must(cleoMusic, 'GET_USER', ann.user.id);
      assert.deepEqual([user.username, user.status, user.tracks.length], ['Ann', 'online', 2]);
    });

    await t.test('DOWNLOAD_TRACK by address and with the bytes: the same as were published', async () => {
      await must(bobMusic, 'DOWNLOAD_TRACK', { id: songs.mp3.id });
      const track = await seen(bobMusic, 'DOWNLOAD_TRACK');
      const r = await fetch(new URL(track.audio.url, server.url));
      assert.equal(r.status, 200);
      assert.equal(r.headers.get('content-type'), 'audio/mpeg');
      assert.equal(blake2b(Buffer.from(await r.arrayBuffer())), songs.mp3.audio.blake2b);
      await must(bobMusic, 'DOWNLOAD_TRACK', { id: songs.short.id, inline: true });
      const inline = await seen(bobMusic, 'DOWNLOAD_TRACK', (x) => x.id === songs.short.id);
      assert.ok(Buffer.from(inline.audio.data).equals(songs.short.bytes));
      assert.equal((await ask(bobMusic, 'DOWNLOAD_TRACK', { id: songs.mp3.id, inline: true })).error.errorCode, 'too_large');
      assert.equal((await must(annMusic, 'GET_TRACK', songs.mp3.id)).track.downloads, 1);
    });

    await t.test('UPDATE_TRACK and UNPUBLISH_TRACK', async () => {
      const { track } = await must(annMusic, 'UPDATE_TRACK', { id: songs.mp3.id, title: 'Renamed', year: null });
      assert.deepEqual([track.title, track.year, track.artist], ['Renamed', null, 'Ann’s band']);
      assert.equal((await seen(bobMusic, 'UPDATE_TRACK')).title, 'Renamed');
      assert.equal((await ask(bobMusic, 'UPDATE_TRACK', { id: songs.mp3.id, title: 'Mine' })).error.errorCode, 'forbidden');
      await must(annMusic, 'UNPUBLISH_TRACK', { id: songs.mp3.id });
      assert.equal((await seen(bobMusic, 'UNPUBLISH_TRACK')).id, songs.mp3.id);
      assert.equal((await ask(bobMusic, 'GET_TRACK', songs.mp3.id)).error.errorCode, 'not_found');
      const { changes } = await must(cleoMusic, 'LIST_CHANGES', { afterRev: 0 });
      assert.equal(changes.find((c) => c.id === songs.mp3.id).object, null);
      assert.equal(changes.find((c) => c.id === songs.ogg.id).object.title, 'A ogg song');
    });

    await t.test('USER_UPDATE is stored and relayed', async () => {
      const { user } = await must(cleoMusic, 'USER_UPDATE', { displayName: 'Cleo C.', bio: 'drums' });
      assert.equal(user.displayName, 'Cleo C.');
      assert.equal((await seen(annMusic, 'USER_UPDATE', (u) => u.bio === 'drums')).displayName, 'Cleo C.');
      const { users } = await must(annMusic, 'LIST_USERS', { query: 'cle' });
      assert.deepEqual(users.map((u) => u.displayName), ['Cleo C.']);
    });

    await t.test('MESSAGE_SENT in lobby reaches all the others once', async () => {
      const sent = await must(annChat, 'MESSAGE_SENT', { message: 'hello @Bob', clientId: 'a1', trackIds: [songs.ogg.id] });
      assert.equal(sent.groupId, lobby.id);
      for (const s of [bobChat, cleoChat]) {
        const m = await seen(s, 'MESSAGE_RECEIVED');
        assert.deepEqual([m.userId, m.message, m.timestamp, m.seq], [ann.user.id, 'hello @Bob', sent.timestamp, 1]);
        assert.equal(m.tracks[0].id, songs.ogg.id);
      }
      assert.deepEqual(await must(annChat, 'MESSAGE_SENT', { message: 'another text', clientId: 'a1' }), sent, 'the same clientId');
      await settle(bobChat, annChat);
      assert.equal(count(bobChat, 'MESSAGE_RECEIVED'), 1);
      assert.equal(count(annChat, 'MESSAGE_RECEIVED') + count(annChat, 'MESSAGE_SENT'), 0);
      const n = await seen(bobChat, 'NOTIFICATION_RECEIVED', (x) => x.notificationType === 'mention');
      assert.equal(n.data.messageId, sent.messageId);
    });

    let privateGroup, direct;
    await t.test('GROUP_CREATED, GROUP_MEMBER_ADDED, messages in a private and in a direct group', async () => {
      ({ group: privateGroup } = await must(annChat, 'GROUP_CREATED', { name: 'band', kind: 'private', members: [bob.user.id] }));
      assert.equal((await seen(bobChat, 'GROUP_CREATED')).groupId, privateGroup.id);
      await must(bobChat, 'MESSAGE_SENT', { groupId: privateGroup.id, message: 'rehearsal at 8' });
      await seen(annChat, 'MESSAGE_RECEIVED', (m) => m.groupId === privateGroup.id);
      await settle(cleoChat);
      assert.equal(count(cleoChat, 'MESSAGE_RECEIVED', (m) => m.groupId === privateGroup.id), 0);
      assert.equal((await ask(cleoChat, 'GET_HISTORY', { groupId: privateGroup.id })).error.errorCode, 'forbidden');
      await must(annChat, 'GROUP_MEMBER_ADDED', { groupId: privateGroup.id, userId: cleo.user.id });
      assert.equal((await seen(bobChat, 'GROUP_MEMBER_ADDED')).userId, cleo.user.id);
      await seen(cleoChat, 'NOTIFICATION_RECEIVED', (x) => x.notificationType === 'group_added');
      assert.equal((await must(cleoChat, 'GET_HISTORY', { groupId: privateGroup.id })).messages[0].message, 'rehearsal at 8');
      ({ group: direct } = await must(bobChat, 'GROUP_CREATED', { kind: 'direct', members: [ann.user.id] }));
      await must(bobChat, 'MESSAGE_SENT', { groupId: direct.id, message: 'psst' });
      await seen(annChat, 'NOTIFICATION_RECEIVED', (x) => x.notificationType === 'direct_message');
      assert.equal((await must(annChat, 'LIST_MEMBERS', { groupId: direct.id })).users.length, 2);
      assert.ok((await must(cleoChat, 'LIST_GROUPS', {})).groups.every((g) => g.id !== direct.id));
    });

    await t.test('FILE_UPLOADED by event and by HTTP, carried by a message', async () => {
      const data = Buffer.from('the words of the song');
      const file = await must(bobChat, 'FILE_UPLOADED', { groupId: privateGroup.id, fileName: 'words.txt', data });
      const told = await seen(annChat, 'FILE_UPLOADED');
      assert.deepEqual([told.fileId, told.fileName, told.fileSize, told.userId], [file.fileId, 'words.txt', data.length, bob.user.id]);
      const r = await server.api('GET', told.url, { token: ann.token });
      assert.ok(Buffer.from(await r.arrayBuffer()).equals(data));
      const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
      await upload(server, ann.token, picture, { filename: 'cover.png', purpose: 'file', groupId: privateGroup.id });
      const png = await seen(bobChat, 'FILE_UPLOADED', (f) => f.fileName === 'cover.png');
      assert.equal(png.mime, 'image/png');
      await must(bobChat, 'MESSAGE_SENT', { groupId: privateGroup.id, message: 'look', fileIds: [file.fileId, png.fileId] });
      const m = await seen(annChat, 'MESSAGE_RECEIVED', (x) => x.message === 'look');
      assert.deepEqual(m.files.map((f) => f.fileName), ['words.txt', 'cover.png']);
    });

    await t.test('MESSAGE_EDITED, MESSAGE_REACTION, MESSAGE_DELETED, GET_HISTORY by rev', async () => {
      const groupId = privateGroup.id;
      const a = await must(annChat, 'MESSAGE_SENT', { groupId, message: 'one' });
      const b = await must(annChat, 'MESSAGE_SENT', { groupId, message: 'two', replyTo: a.messageId });
      const before = (await must(annChat, 'GET_HISTORY', { groupId, limit: 1 })).messages[0].rev;
      await must(annChat, 'MESSAGE_EDITED', { messageId: a.messageId, message: 'eins' });
      assert.equal((await seen(bobChat, 'MESSAGE_EDITED')).message, 'eins');
      await must(bobChat, 'MESSAGE_REACTION', { messageId: a.messageId, reaction: '🎵', on: true });
      assert.equal((await seen(annChat, 'MESSAGE_REACTION')).userId, bob.user.id);
      await must(annChat, 'MESSAGE_DELETED', { messageId: b.messageId });
      assert.equal((await seen(bobChat, 'MESSAGE_DELETED')).messageId, b.messageId);
      const changed = await must(bobChat, 'GET_HISTORY', { groupId, afterRev: before });
      assert.deepEqual(changed.messages.map((m) => m.messageId), [a.messageId, b.messageId]);
      assert.deepEqual(changed.messages[0].reactions, [{ reaction: '🎵', userIds: [bob.user.id] }]);
      assert.equal(changed.messages[1].message, '');
      assert.ok(changed.messages[1].deletedAt);
      const all = await must(bobChat, 'GET_HISTORY', { groupId });
      assert.deepEqual(all.messages.map((m) => m.seq), all.messages.map((_, i) => i + 1));
    });

    await t.test('SEARCH_MESSAGES finds words of one’s own groups', async () => {
      await must(annChat, 'MESSAGE_SENT', { message: '今日は音楽を聴きます' });
      assert.equal((await must(bobChat, 'SEARCH_MESSAGES', { query: 'rehears' })).messages.length, 1);
      assert.equal((await must(cleoChat, 'SEARCH_MESSAGES', { query: 'psst' })).messages.length, 0);
      assert.equal((await must(bobChat, 'SEARCH_MESSAGES', { query: '音楽' })).messages.length, 1);
      assert.equal((await must(bobChat, 'SEARCH_MESSAGES', { query: 'one OR "*' })).messages.length, 0);
    });

    await t.test('MESSAGE_READ, NOTIFICATION_READ, USER_SETTINGS_UPDATED reach the user’s other sockets', async () => {
      const phone = await server.connect('/chat', bob.token, options);
      const { data } = await seen(phone, 'DATA_RECEIVED');
      assert.ok(data.unread[privateGroup.id] > 0);
      await must(bobChat, 'MESSAGE_READ', { groupId: privateGroup.id, seq: 2 });
      assert.equal((await seen(phone, 'MESSAGE_READ')).seq, 2);
      await must(bobChat, 'USER_SETTINGS_UPDATED', { settingName: 'theme', newValue: { dark: true } });
      const setting = await seen(phone, 'USER_SETTINGS_UPDATED');
      assert.deepEqual([setting.settingName, setting.newValue, setting.userId], ['theme', { dark: true }, bob.user.id]);
      assert.ok((await must(bobChat, 'LIST_NOTIFICATIONS', {})).notifications.length >= 1);
      await must(bobChat, 'NOTIFICATION_READ', { notificationId: 'all' });
      await seen(phone, 'NOTIFICATION_READ');
      assert.equal((await must(bobChat, 'LIST_NOTIFICATIONS', {})).notifications.length, 0);
      const snapshot = (await must(bobChat, 'GET_SNAPSHOT', {})).data;
      assert.deepEqual(snapshot.settings, { theme: { dark: true } });
      await must(phone, 'MESSAGE_SENT', { message: 'from my phone' });
      assert.equal((await seen(bobChat, 'MESSAGE_SENT')).message, 'from my phone');
      phone.disconnect();
    });

    await t.test('USER_STATUS_CHANGED, USER_CHANGED_GROUP, TYPING', async () => {
      await must(cleoChat, 'USER_STATUS_CHANGED', { newStatus: 'busy', statusText: 'listening' });
      assert.equal((await seen(annChat, 'USER_STATUS_CHANGED')).newStatus, 'busy');
      await seen(annMusic, 'USER_UPDATE', (u) => u.status === 'busy');
      await must(annChat, 'USER_CHANGED_GROUP', { newChannelId: { id: privateGroup.id } });
      await must(bobChat, 'USER_CHANGED_GROUP', { newChannelId: { id: privateGroup.id } });
      const turned = await seen(annChat, 'USER_CHANGED_GROUP', (e) => e.userId === bob.user.id);
      assert.deepEqual(turned.newChannelId, { id: privateGroup.id, name: 'band' });
      await must(bobChat, 'TYPING', { groupId: privateGroup.id });
      // It is volatile: between two polls of different threads it may find nobody who takes it.
      while (list[0] === 'polling' && !(await seen(annChat, 'TYPING', () => true, 300).catch(() => false))) {
        await must(bobChat, 'TYPING', { groupId: privateGroup.id });
      }
      assert.equal((await seen(annChat, 'TYPING')).userId, bob.user.id);
      await must(bobChat, 'MESSAGE_SENT', { message: 'goes to the open group' });
      assert.equal((await seen(annChat, 'MESSAGE_RECEIVED', (m) => m.message === 'goes to the open group')).groupId, privateGroup.id);
      await must(cleoChat, 'USER_STATUS_CHANGED', { newStatus: 'offline' });
      await seen(annChat, 'USER_DISCONNECTED', (e) => e.userId === cleo.user.id);
      await must(cleoChat, 'USER_STATUS_CHANGED', { newStatus: 'online' });
      await seen(annChat, 'USER_CONNECTED', (e) => e.userId === cleo.user.id);
    });

    await t.test('without acknowledgement answers and errors come as events', async () => {
      cleoMusic.emit('GET_TRACK', songs.ogg.id);
      assert.equal((await seen(cleoMusic, 'GET_TRACK')).track.id, songs.ogg.id);
      cleoMusic.emit('PUBLISH_RATING', { trackId: songs.ogg.id, value: 3 });
      assert.equal((await seen(cleoMusic, 'PUBLISH_RATING', (r) => r.userId === cleo.user.id)).value, 3);
      cleoChat.emit('GET_HISTORY', { groupId: lobby.id });
      const history = await seen(cleoChat, 'DATA_RECEIVED', (d) => d.dataType === 'history');
      assert.ok(history.data.messages.length > 0);
      cleoChat.emit('MESSAGE_SENT', { message: 'no ack' });
      assert.equal((await seen(cleoChat, 'MESSAGE_SENT')).message, 'no ack');
      cleoChat.emit('MESSAGE_SENT', {});
      const error = await seen(cleoChat, 'ERROR_OCCURED');
      assert.deepEqual([error.errorCode, error.event], ['bad_request', 'MESSAGE_SENT']);
    });

    await t.test('leaving: GROUP_MEMBER_REMOVED, USER_DISCONNECT, USER_DISCONNECTED', async () => {
      await must(cleoChat, 'GROUP_MEMBER_REMOVED', { groupId: privateGroup.id, userId: cleo.user.id });
      assert.equal((await seen(annChat, 'GROUP_MEMBER_REMOVED')).removedBy, cleo.user.id);
      assert.equal((await ask(cleoChat, 'MESSAGE_SENT', { groupId: privateGroup.id, message: 'x' })).error.errorCode, 'forbidden');
      const gone = new Promise((r) => { cleoMusic.once('disconnect', r); });
      cleoMusic.emit('USER_DISCONNECT', {});
      await gone;
      assert.equal((await seen(annMusic, 'USER_DISCONNECT')).id, cleo.user.id);
      const before = count(annChat, 'USER_DISCONNECTED', (e) => e.userId === cleo.user.id);
      cleoChat.disconnect();
      await seen(annChat, 'USER_DISCONNECTED', () => count(annChat, 'USER_DISCONNECTED', (e) => e.userId === cleo.user.id) > before);
    });
  });
}
