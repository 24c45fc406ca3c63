// SPDX-License-Identifier: MIT
//
// en - the texts in English, a file a feature.
import { app } from './app';
import { session } from './session';
import { chat } from './chat';
import { music } from './music';
import { player } from './player';
import { settings } from './settings';

export const en = { app, session, chat, music, player, settings };
