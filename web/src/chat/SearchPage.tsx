// SPDX-License-Identifier: MIT
//
// SearchPage - finds messages by their words; each leads to its place in its conversation.
import { useComputed, useSignal } from '@preact/signals';
import { Link } from 'wouter-preact';
import { moment, t } from '../i18n/i18n';
import { request } from '../lib/connection';
import { nameOf, person } from '../lib/people';
import { MAX_SEARCH_MESSAGES_QUERY, type Message } from '../lib/protocol';
import { Avatar } from '../ui/Avatar';
import { Button } from '../ui/Button';
import { Select } from '../ui/Choice';
import { Field } from '../ui/Field';
import { PageHead } from '../ui/PageHead';
import { type From, type Page, useFound } from '../ui/useFound';
import { nameOfGroup } from './groupName';
import css from './SearchPage.module.css';
import { groupIds } from './state/groups';
import { MessageText } from './text/Text';

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

interface Wanted {
  query: string;
  groupId?: string;
}

async function findMessages(wanted: Wanted, from: From): Promise<Page<Message>> {
  const { messages, nextCursor } = await request('chat', 'SEARCH_MESSAGES', { ...wanted, ...from });
  return { found: messages, nextCursor };
}

export function SearchPage() {
  const query = useSignal('');
  const groupId = useSignal('');
  const wanted = useComputed<Wanted | null>(() => {
    const words = query.value.trim();
    return words === '' ? null : { query: words, ...(groupId.value !== '' && { groupId: groupId.value }) };
  });
  const { list, more } = useFound(wanted, findMessages);
  let said = t().chat.searchHint;
  if (list) said = list.length === 0 ? t().chat.nothingFound : t().chat.found(list.length, more !== null);
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
          {more && <Button onClick={more}>{t().chat.more}</Button>}
        </div>
      </div>
    </div>
  );
}
