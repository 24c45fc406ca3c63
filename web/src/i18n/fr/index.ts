// SPDX-License-Identifier: MIT
//
// fr - the texts in French, a file a feature.
import type { Catalogue } from '../i18n';
import { app } from './app';
import { session } from './session';
import { chat } from './chat';
import { music } from './music';
import { player } from './player';
import { settings } from './settings';

export const fr: Catalogue = { app, session, chat, music, player, settings };
