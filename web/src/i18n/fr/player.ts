// SPDX-License-Identifier: MIT
import { plural } from '../plural';

export const player = {
  label: 'Lecteur',
  play: 'Lire',
  pause: 'Pause',
  next: 'Morceau suivant',
  previous: 'Morceau précédent',
  position: 'Position',
  at: (now: string, whole: string) => `${now} sur ${whole}`,
  enqueued: (n: number, title: string) =>
    n === 1
      ? `« ${title} » sera lu ensuite`
      : plural('fr', n, { one: '# morceau sera lu ensuite', other: '# morceaux seront lus ensuite' }),
  failed: (title: string) => `« ${title} » ne peut pas être lu.`,
};
