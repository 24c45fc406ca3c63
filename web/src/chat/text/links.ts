// SPDX-License-Identifier: MIT
//
// links - which addresses may be followed, and what has to be shown so that nobody is led astray.
const SCHEMES = new Set(['http:', 'https:', 'mailto:']);

export interface SafeLink {
  href: string;
  /** Of this very application: it opens in place. */
  isOurs: boolean;
  /** Where it leads, when the text does not say so; null when it does. */
  to: string | null;
}

/** What a link leads to; null when it may not be followed. */
export function linkOf(href: string, text: string, here = location.href): SafeLink | null {
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return null;
  }
  if (!SCHEMES.has(url.protocol)) return null;
  const place = url.protocol === 'mailto:' ? url.pathname : url.host;
  const [own, page] = [new URL(here), new URL(url.href)];
  const isOurs = page.origin === own.origin && page.pathname === own.pathname && page.hash.startsWith('#/');
  const shown = text.trim();
  const isSaid = shown === href || shown === url.href || `http://${shown}` === href || `mailto:${shown}` === href;
  // A host in letters of another script looks like what it is not; its form in ASCII tells.
  const isForeign = place.includes('xn--') || (url.username !== '' && url.protocol !== 'mailto:');
  return { href: url.href, isOurs, to: isOurs || (isSaid && !isForeign) ? null : place };
}

/** A track of this site that an address names, and the moment of it. */
export function trackOf(href: string, here = location.href): { id: string; atMs: number | null } | null {
  const link = linkOf(href, '', here);
  const match = /#\/music\/t\/([0-9a-f-]{36})(?:\/(\d+))?$/.exec(link?.isOurs ? link.href : '');
  return match ? { id: match[1] ?? '', atMs: match[2] === undefined ? null : Number(match[2]) } : null;
}
