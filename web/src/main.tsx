// SPDX-License-Identifier: MIT
import { render } from 'preact';
import { App, loadShell } from './app/App';
import { registerServiceWorker } from './app/installed';
import { startAppearance } from './ui/appearance';
import { followToken } from './session/state';
import './ui/tokens.css';
import './ui/base.css';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');

await startAppearance();
followToken(loadShell);
registerServiceWorker();
render(<App />, root);
