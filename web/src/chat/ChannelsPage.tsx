// SPDX-License-Identifier: MIT
//
// ChannelsPage - all channels and one's own groups: to find, to join, to make.
import { useComputed, useSignal } from '@preact/signals';
import { Plus } from 'lucide-preact';
import { Link, useLocation } from 'wouter-preact';
import { t } from '../i18n/i18n';
import { request } from '../lib/connection';
import { type Group, MAX_LIST_GROUPS_QUERY } from '../lib/protocol';
import { Button } from '../ui/Button';
import { Field } from '../ui/Field';
import { lazy } from '../ui/lazy';
import { PageHead } from '../ui/PageHead';
import { useDoing } from '../ui/useDoing';
import { type From, type Page, useFound } from '../ui/useFound';
import { Waiting } from '../ui/Waiting';
import css from './ChannelsPage.module.css';
import { GroupIcon } from './GroupIcon';
import { groupName } from './groupName';
import { joinGroup } from './state/actions';
import { roomOf } from './state/groups';

const NewGroup = lazy(() => import('./panels/NewGroup').then((m) => m.NewGroup));

function GroupLine({ group }: { group: Group }) {
  const [, go] = useLocation();
  const [isBusy, run] = useDoing();
  const isMember = roomOf(group.id) !== null;
  const join = async () => {
    await joinGroup(group.id);
    go(`/g/${group.id}`);
  };
  return (
    <li class={css.one}>
      <span class={css.sign}>
        <GroupIcon group={group} />
      </span>
      <span class="lines">
        <b class="line">
          <bdi>{groupName(group)}</bdi>
        </b>
        <span class="line soft">{t().chat.membersCount(group.memberCount)}</span>
      </span>
      {isMember ? (
        <Link href={`/g/${group.id}`} class={css.open}>
          {t().chat.open}
        </Link>
      ) : (
        <Button busy={isBusy} onClick={() => void run(join)}>
          {t().chat.join}
        </Button>
      )}
    </li>
  );
}

/** The groups with these letters in their name, page by page. */
async function findGroups(query: string, from: From): Promise<Page<Group>> {
  const wanted = { ...(query !== '' && { query }), ...from };
  const { groups, nextCursor } = await request('chat', 'LIST_GROUPS', wanted);
  return { found: groups, nextCursor };
}

export function ChannelsPage() {
  const query = useSignal('');
  const isMaking = useSignal(false);
  const { list, more } = useFound(
    useComputed(() => query.value.trim()),
    findGroups,
  );
  return (
    <div class="layout">
      <PageHead title={t().chat.channelsTitle} about={t().chat.channelsAbout}>
        <Button kind="main" onClick={() => (isMaking.value = true)}>
          <Plus size={18} aria-hidden />
          {t().chat.create}
        </Button>
      </PageHead>
      <div class="page">
        <div class="column">
          <Field
            label={t().chat.filterGroups}
            type="search"
            maxLength={MAX_LIST_GROUPS_QUERY}
            value={query.value}
            onValue={(value) => (query.value = value)}
          />
          {list ? (
            <ul class={css.list}>
              {list.map((group) => (
                <GroupLine key={group.id} group={group} />
              ))}
            </ul>
          ) : (
            <Waiting />
          )}
          <p class="soft" role="status">
            {list?.length === 0 && t().chat.noChannels}
          </p>
          {more && <Button onClick={more}>{t().chat.more}</Button>}
        </div>
      </div>
      {isMaking.value && <NewGroup named={query.value.trim()} onClose={() => (isMaking.value = false)} />}
    </div>
  );
}
