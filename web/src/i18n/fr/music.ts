// SPDX-License-Identifier: MIT
export const music = {};
