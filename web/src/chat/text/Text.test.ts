// SPDX-License-Identifier: MIT
import type { ComponentChild, VNode } from 'preact';
import { Fragment } from 'preact';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { learn, me } from '../../lib/people';
import type { User } from '../../lib/protocol';
import hostile from './hostile.json';
import { nodes } from './Text';
import { tokensOf } from './tokens';

interface Element {
  type: string;
  props: Record<string, unknown>;
  text: string;
}

/** What the nodes come to: every element, and the text that is seen. */
function drawn(child: ComponentChild, elements: Element[] = []): { elements: Element[]; text: string } {
  if (Array.isArray(child))
    return { elements, text: child.map((one) => drawn(one as ComponentChild, elements).text).join('') };
  if (child === null || child === undefined || typeof child === 'boolean') return { elements, text: '' };
  if (typeof child !== 'object') return { elements, text: String(child) };
  const { type, props } = child as VNode<Record<string, unknown>>;
  if (typeof type === 'function' && (type as unknown) !== Fragment)
    return drawn((type as (props: object) => ComponentChild)(props), elements);
  const { text } = drawn(props.children as ComponentChild, elements);
  if (typeof type === 'string') elements.push({ type, props, text });
  return { elements, text };
}

const draw = (text: string) => drawn(nodes(tokensOf(text)));
const kinds = (text: string) => draw(text).elements.map(({ type }) => type);

const user = (id: string, username: string): User => ({
  id,
  username,
  displayName: '',
  bio: '',
  avatarUrl: null,
  status: 'online',
  statusText: '',
  role: 'user',
  createdAt: '',
});

beforeAll(() => {
  vi.stubGlobal('location', { href: 'https://chat.example/#/g/1' });
  const ann = user('a', 'Ann');
  me.value = ann;
  learn(ann);
  learn(user('b', 'bob.smith'));
});

describe('what is hostile stays text', () => {
  const allowed = new Set('p strong em del code pre a bdi span ul ol li blockquote hr br'.split(' '));
  const attributes = new Set('children class dir href target rel title tabIndex start role aria-label'.split(' '));
  test('there are at least 31 payloads', () => expect(hostile.length).toBeGreaterThanOrEqual(31));
  test.each(hostile)('%s', (payload) => {
    const { elements } = draw(payload);
    for (const { type, props } of elements) {
      expect(allowed).toContain(type);
      for (const name of Object.keys(props)) expect(attributes).toContain(name);
      if (type === 'a') expect(props.href).toMatch(/^(https?:|mailto:|#\/u\/)/);
    }
  });
  test('and is seen as it was written', () => {
    for (const payload of hostile.filter((one) => one.startsWith('<') && !one.includes('`') && !one.includes('://')))
      expect(draw(payload).text).toContain(payload.slice(0, 6));
  });
});

test('the marks of a chat', () => {
  expect(kinds('a *b* **c** ~~d~~ `e`')).toEqual(['em', 'strong', 'del', 'code', 'p']);
  expect(kinds('# title')).toEqual(['strong', 'p']);
  expect(kinds('- a\n- b')).toEqual(['li', 'li', 'ul']);
  expect(draw('3. a\n4. b').elements.at(-1)).toMatchObject({ type: 'ol', props: { start: 3 } });
  expect(kinds('> a')).toEqual(['p', 'blockquote']);
  expect(kinds('a\nb')).toEqual(['br', 'p']);
  expect(draw('```js\nlet a = 1 < 2;\n```').text).toBe('let a = 1 < 2;');
  expect(draw('1 < 2 && 3 > 2 &lt; "q"').text).toBe('1 < 2 && 3 > 2 &lt; "q"');
  expect(draw('[a]: http://b.example').text).toContain('[a]: ');
  expect(draw('word\n---\nword').text).toContain('word');
});

test('links say where they lead', () => {
  const [first] = draw('https://a.example/x').elements.filter(({ type }) => type === 'a');
  expect(first?.props).toMatchObject({
    href: 'https://a.example/x',
    target: '_blank',
    rel: 'noopener noreferrer nofollow',
  });
  expect(draw('https://a.example/x').text).toBe('https://a.example/x');
  expect(draw('[bank.example](https://evil.example/)').text).toBe('bank.example (evil.example)');
  expect(draw('[https://bank.example](https://evil.example/)').text).toBe('https://bank.example (evil.example)');
  expect(draw('[https://\u0430pple.com/](https://\u0430pple.com/)').text).toBe(
    'https://\u0430pple.com/ (xn--pple-43d.com)',
  );
  expect(draw('https://bank.example@evil.example/').text).toContain('(evil.example)');
  expect(draw('![cat](https://a.example/c.png)').elements.map(({ type }) => type)).toEqual(['bdi', 'a', 'bdi', 'p']);
  expect(draw('https://chat.example/#/g/1/5').elements.find(({ type }) => type === 'a')?.props.target).toBeUndefined();
});

test('mentions of those who are known', () => {
  const [me, bob] = draw('@ann, see @Bob.Smith. not@ann @nobody').elements.filter(({ type }) => type === 'a');
  expect(me).toMatchObject({ text: '@ann', props: { href: '#/u/a' } });
  expect(bob).toMatchObject({ text: '@Bob.Smith', props: { href: '#/u/b' } });
  expect(draw('not@ann @nobody').elements.filter(({ type }) => type === 'a')).toEqual([]);
});

test('turned, unseen and piled-up characters', () => {
  expect(draw('a\u202Eb\u2066c\u200Bd\uFEFF').text).toBe('abcd');
  expect(draw(`e${'\u0301'.repeat(100)}f`).text).toBe(`e${'\u0301'.repeat(8)}f`);
  expect(draw('👩‍👩‍👧').text).toBe('👩‍👩‍👧');
});

test('what nests without end is shown as it was written', () => {
  for (const one of ['>', '[', '[a](', '*a_', '**a ', '- > ', '![', '+ '])
    expect(draw(one.repeat(500)).text).toBe(one.repeat(500));
  for (const one of ['`', '~~', '\\', '<', '(', ':a:', '@ann ', '    '])
    expect(() => draw(one.repeat(900))).not.toThrow();
});
