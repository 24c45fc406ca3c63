// SPDX-License-Identifier: MIT
//
// lazy - a component whose code is loaded when it is first shown.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { t } from '../i18n/i18n';
import { Button } from './Button';
import { Waiting } from './Waiting';

/** Browsers remember that a module could not be loaded, and a newer server has other files: only a reload helps. */
function NotLoaded() {
  return (
    <div class="page" role="alert">
      <p>{t().app.notLoaded}</p>
      <Button onClick={() => location.reload()}>{t().app.again}</Button>
    </div>
  );
}

export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const loaded = signal<ComponentType<P> | null>(null);
  let isAsked = false;
  return function Lazy(props: P) {
    const Component = loaded.value;
    if (!isAsked) {
      isAsked = true;
      load().then(
        (component) => (loaded.value = component),
        () => (loaded.value = NotLoaded),
      );
    }
    return Component ? <Component {...props} /> : <Waiting />;
  };
}
