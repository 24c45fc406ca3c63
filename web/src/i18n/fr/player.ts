// SPDX-License-Identifier: MIT
export const player = {};
