// SPDX-License-Identifier: MIT
//
// Pages - which page stands at which location.
import { Redirect, Route, Switch } from 'wouter-preact';
import { ConversationPage } from '../chat/ConversationPage';
import { Home } from '../chat/Home';
import { t } from '../i18n/i18n';
import { lazy } from '../ui/lazy';
import { PageHead } from '../ui/PageHead';

const ChannelsPage = lazy(() => import('../chat/ChannelsPage').then((m) => m.ChannelsPage));
const SearchPage = lazy(() => import('../chat/SearchPage').then((m) => m.SearchPage));
const LibraryPage = lazy(() => import('../music/LibraryPage').then((m) => m.LibraryPage));
const TrackPage = lazy(() => import('../music/TrackPage').then((m) => m.TrackPage));
const PublishPage = lazy(() => import('../music/PublishPage').then((m) => m.PublishPage));
const PersonPage = lazy(() => import('../music/PersonPage').then((m) => m.PersonPage));
const SettingsPage = lazy(() => import('../settings/SettingsPage').then((m) => m.SettingsPage));

function NothingHere() {
  return (
    <div>
      <PageHead title={t().app.nothingHere} />
      <p class="page">
        <a href="#/">{t().app.toStart}</a>
      </p>
    </div>
  );
}

export function Pages() {
  return (
    <Switch>
      <Route path="/">
        <Home />
      </Route>
      {/* A conversation, perhaps at one of its messages. */}
      <Route path="/g/:groupId/:seq?">
        {({ groupId, seq }) => <ConversationPage key={groupId} groupId={groupId} seq={seq ? Number(seq) : null} />}
      </Route>
      <Route path="/channels">
        <ChannelsPage />
      </Route>
      <Route path="/search">
        <SearchPage />
      </Route>
      <Route path="/music">
        <LibraryPage />
      </Route>
      <Route path="/music/publish">
        <PublishPage />
      </Route>
      {/* A track, perhaps at a moment of it, in milliseconds. */}
      <Route path="/music/t/:trackId/:at?">
        {({ trackId, at }) => <TrackPage key={trackId} trackId={trackId} at={at ? Number(at) : null} />}
      </Route>
      <Route path="/u/:userId">{({ userId }) => <PersonPage key={userId} userId={userId} />}</Route>
      <Route path="/settings/:section?">{({ section }) => <SettingsPage section={section ?? 'appearance'} />}</Route>
      <Route path="/sign-in">
        <Redirect to="/" replace />
      </Route>
      <Route>
        <NothingHere />
      </Route>
    </Switch>
  );
}
