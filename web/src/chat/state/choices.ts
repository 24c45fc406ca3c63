// SPDX-License-Identifier: MIT
//
// choices - what one has chosen about conversations.
import { isBoolean, setting } from '../../lib/settings';
import { stored } from '../../lib/stored';

/** Whether the members stand beside the conversation. */
export const isPanelOpen = stored('antiphon.members', false);

/** Whether one has read how to begin. */
export const isWelcomed = setting('welcomed', false, isBoolean);
