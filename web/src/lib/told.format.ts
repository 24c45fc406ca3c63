// SPDX-License-Identifier: MIT
//
// told.format - what a notification of the browser carries, for the service worker that learns of a click on it.
export interface Told {
  groupId: string;
  seq: number;
}
