// SPDX-License-Identifier: MIT
//
// Text - a message's text as nodes. Every kind of token has its node here; what has none is shown as it was written.
import type { ComponentChild } from 'preact';
import { byUsername, myId } from '../../lib/people';
import { emojiOf } from './emoji';
import { linkOf } from './links';
import { pieces } from './pieces';
import css from './Text.module.css';
import { type Token, type Tokens, tokensOf, tokensOfMessage } from './tokens';

const DEEPEST = 8; // quotes and lists within each other

const known = { userOf: (name: string) => byUsername(name)?.id ?? null, emojiOf };

function Plain({ text }: { text: string }) {
  return (
    <>
      {pieces(text, known).map((piece) => {
        if (piece.kind === 'text') return piece.text;
        if (piece.kind === 'emoji') {
          return (
            <span class={css.emoji} role="img" aria-label={piece.name.replaceAll('_', ' ')} title={`:${piece.name}:`}>
              {piece.text}
            </span>
          );
        }
        return (
          <a href={`#/u/${piece.userId}`} class={piece.userId === myId.value ? css.me : css.mention}>
            <bdi>{piece.text}</bdi>
          </a>
        );
      })}
    </>
  );
}

function Anchor({ href, text, children }: { href: string; text: string; children: ComponentChild }) {
  const link = linkOf(href, text);
  if (!link) return <>{children}</>;
  if (link.isOurs) return <a href={link.href}>{children}</a>;
  return (
    <>
      <a href={link.href} target="_blank" rel="noopener noreferrer nofollow" title={link.href}>
        {children}
      </a>
      {link.to !== null && <bdi class={css.host}> ({link.to})</bdi>}
    </>
  );
}

/** The text of a link, without what stands in it: links hold no links. */
function flat(tokens: readonly Token[] | undefined): string {
  return (tokens ?? []).map((one) => ('tokens' in one ? flat(one.tokens) : textOf(one))).join('');
}

function textOf(token: Token): string {
  return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
}

function link(token: Tokens.Link | Tokens.Image) {
  const text = flat(token.tokens) || token.text || token.href;
  // What may not be followed is shown as it was written.
  if (!linkOf(token.href, text)) return <Plain text={token.raw} />;
  return (
    <Anchor href={token.href} text={text}>
      <bdi>{text}</bdi>
    </Anchor>
  );
}

function list(token: Tokens.List, depth: number) {
  const items = token.items.map((item) => (
    <li>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label={item.text} />}
      {nodes(item.tokens, depth + 1)}
    </li>
  ));
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function code(token: Tokens.Code) {
  return (
    <pre tabIndex={0} dir="ltr">
      <code>{token.text}</code>
    </pre>
  );
}

type Draw = (token: never, depth: number) => ComponentChild;

const inner = (token: { tokens?: Token[] }, depth: number) => nodes(token.tokens, depth);

const kinds: Record<string, Draw> = {
  space: () => null,
  paragraph: (token: Tokens.Paragraph, depth) => <p dir="auto">{inner(token, depth)}</p>,
  heading: (token: Tokens.Heading, depth) => (
    <p dir="auto">
      <strong>{inner(token, depth)}</strong>
    </p>
  ),
  blockquote: (token: Tokens.Blockquote, depth) => <blockquote>{nodes(token.tokens, depth + 1)}</blockquote>,
  list: (token: Tokens.List, depth) => list(token, depth),
  code: (token: Tokens.Code) => code(token),
  hr: () => <hr />,
  strong: (token: Tokens.Strong, depth) => <strong>{inner(token, depth)}</strong>,
  em: (token: Tokens.Em, depth) => <em>{inner(token, depth)}</em>,
  del: (token: Tokens.Del, depth) => <del>{inner(token, depth)}</del>,
  codespan: (token: Tokens.Codespan) => <code dir="ltr">{token.text}</code>,
  br: () => <br />,
  link: (token: Tokens.Link) => link(token),
  image: (token: Tokens.Image) => link(token),
  escape: (token: Tokens.Escape) => token.text,
  text: (token: Tokens.Text, depth) => (token.tokens ? inner(token, depth) : <Plain text={token.text} />),
};

/** The nodes of tokens; those that lie too deep, and those of kinds that there are none for, as written. */
export function nodes(tokens: readonly Token[] | undefined, depth = 0): ComponentChild[] {
  return (tokens ?? []).map((token) => {
    const draw = kinds[token.type];
    return draw && depth <= DEEPEST ? draw(token as never, depth) : <Plain text={token.raw} />;
  });
}

export function MessageText({ message }: { message: { message: string } }) {
  return <div class={css.text}>{nodes(tokensOfMessage(message))}</div>;
}

export function Text({ text }: { text: string }) {
  return <div class={css.text}>{nodes(tokensOf(text))}</div>;
}
