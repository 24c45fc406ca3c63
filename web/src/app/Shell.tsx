// SPDX-License-Identifier: MIT
//
// Shell - what stands around every page: the side with the conversations, the banner that
// says when the server is out of reach, and the player.
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { ConversationList } from '../chat/ConversationList';
import { t } from '../i18n/i18n';
import { PlayerBar } from '../player/PlayerBar';
import { Notices } from '../ui/notices';
import { isSmall } from '../ui/small';
import { Banner } from './Banner';
import { Me } from './Me';
import { Pages } from './Pages';
import { Places } from './Places';
import css from './Shell.module.css';

export function Shell() {
  const [place] = useLocation();
  // On a small screen the side is the first page.
  const isSide = isSmall.value && place === '/';
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // After a step to another page the keyboard goes on in it, not in the link that led there.
  useEffect(() => {
    if (!isFirst.current && !main.current?.contains(document.activeElement)) main.current?.focus();
    isFirst.current = false;
  }, [place]);
  return (
    <div class={css.shell} data-place={place === '/' ? 'home' : 'page'}>
      <a class={css.skip} href="#main" onClick={(e) => (e.preventDefault(), main.current?.focus())}>
        {t().app.skip}
      </a>
      <div class={css.banner}>
        <Banner />
      </div>
      <div class={css.side} role={isSide ? 'main' : 'complementary'} aria-label={isSide ? undefined : t().app.side}>
        {isSide ? <h1 class={css.brand}>Antiphon</h1> : <p class={css.brand}>Antiphon</p>}
        <Places />
        <ConversationList />
        <Me />
      </div>
      <main id="main" ref={main} class={css.main} tabIndex={-1}>
        <Pages />
      </main>
      <div class={css.notices}>
        <Notices />
      </div>
      <div class={css.player}>
        <PlayerBar />
      </div>
    </div>
  );
}
