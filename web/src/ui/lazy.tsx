// SPDX-License-Identifier: MIT
//
// lazy - a component whose code is loaded when it is first shown.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { t } from '../i18n/i18n';
import { Button } from './Button';
import { Waiting } from './Waiting';

export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const loaded = signal<ComponentType<P> | 'failed' | null>(null);
  let isLoading = false;
  const start = () => {
    isLoading = true;
    loaded.value = null;
    load().then(
      (component) => (loaded.value = component),
      () => {
        isLoading = false;
        loaded.value = 'failed';
      },
    );
  };
  return function Lazy(props: P) {
    const Component = loaded.value;
    if (Component === 'failed') {
      return (
        <div class="page" role="alert">
          <p>{t().app.notLoaded}</p>
          <Button onClick={start}>{t().app.again}</Button>
        </div>
      );
    }
    if (!Component) {
      if (!isLoading) start();
      return <Waiting />;
    }
    return <Component {...props} />;
  };
}
