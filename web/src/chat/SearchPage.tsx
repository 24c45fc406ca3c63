// SPDX-License-Identifier: MIT
//
// SearchPage - finds messages by their words; each leads to its place in its conversation.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { Link } from 'wouter-preact';
import { moment, t } from '../i18n/i18n';
import { request } from '../lib/connection';
import { nameOf, person } from '../lib/people';
import { MAX_SEARCH_MESSAGES_QUERY, type Message } from '../lib/protocol';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Select } from '../ui/Choice';
import { Field } from '../ui/Field';
import { complain } from '../ui/notices';
import { PageHead } from '../ui/PageHead';
import { nameOfGroup } from './groupName';
import css from './SearchPage.module.css';
import { groupIds } from './state/groups';
import { MessageText } from './text/Text';

const CALM = 250; // milliseconds after the last letter

function Found({ message }: { message: Message }) {
  const { userId, groupId, seq, timestamp } = message;
  const user = person(userId);
  return (
    <li class={css.one}>
      <Avatar user={user} size="s" />
      <div class={css.body}>
        <p class={css.head}>
          <b>
            <bdi>{nameOf(user)}</bdi>
          </b>
          <span class="soft">
            <bdi>{nameOfGroup(groupId)}</bdi> · <time dateTime={timestamp}>{moment(timestamp)}</time>
          </span>
        </p>
        <div class={css.text}>
          <MessageText message={message} />
        </div>
        <Link href={`/g/${groupId}/${seq}`} class={css.jump}>
          {t().chat.jump}
        </Link>
      </div>
    </li>
  );
}

function useSearch() {
  const query = useSignal('');
  const groupId = useSignal('');
  const found = useSignal<readonly Message[] | null>(null);
  const cursor = useSignal<string | null>(null);
  const wanted = useComputed(() => ({ query: query.value.trim(), groupId: groupId.value }));
  const fetch = async (from: string | null) => {
    const asked = wanted.peek();
    const answer = await request('chat', 'SEARCH_MESSAGES', {
      query: asked.query,
      ...(asked.groupId !== '' && { groupId: asked.groupId }),
      ...(from !== null && { cursor: from }),
    });
    if (wanted.peek() !== asked) return;
    found.value = from === null ? answer.messages : [...(found.peek() ?? []), ...answer.messages];
    cursor.value = answer.nextCursor;
  };
  useSignalEffect(() => {
    if (wanted.value.query === '') {
      found.value = null;
      cursor.value = null;
      return;
    }
    const timer = setTimeout(() => void fetch(null).catch(complain), CALM);
    return () => clearTimeout(timer);
  });
  return { query, groupId, found, cursor, more: () => void fetch(cursor.value).catch(complain) };
}

export function SearchPage() {
  const { query, groupId, found, cursor, more } = useSearch();
  const list = found.value;
  let said = t().chat.searchHint;
  if (list) said = list.length === 0 ? t().chat.nothingFound : t().chat.found(list.length, cursor.value !== null);
  return (
    <div class="layout">
      <PageHead title={t().chat.searchTitle} />
      <div class="page">
        <div class="column">
          <form class={css.form} role="search" onSubmit={(e) => e.preventDefault()}>
            <Field
              label={t().chat.searchFor}
              type="search"
              autoFocus
              maxLength={MAX_SEARCH_MESSAGES_QUERY}
              value={query.value}
              onValue={(value) => (query.value = value)}
            />
            <Select
              label={t().chat.searchIn}
              options={[['', t().chat.everywhere], ...groupIds.value.map((id) => [id, nameOfGroup(id)] as const)]}
              value={groupId.value}
              onValue={(value) => (groupId.value = value)}
            />
          </form>
          <p class="soft" role="status">
            {said}
          </p>
          <ul class={css.list}>
            {list?.map((message) => (
              <Found key={message.messageId} message={message} />
            ))}
          </ul>
          {cursor.value !== null && <Button onClick={more}>{t().chat.more}</Button>}
        </div>
      </div>
    </div>
  );
}
