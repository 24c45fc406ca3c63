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
  enqueue: (title: string) => `Lire « ${title} » ensuite`,
  enqueued: (n: number, title: string) =>
    n === 1
      ? `« ${title} » sera lu ensuite`
      : plural('fr', n, { one: '# morceau sera lu ensuite', other: '# morceaux seront lus ensuite' }),
  failed: (title: string) => `« ${title} » ne peut pas être lu.`,
  now: (title: string, artist: string) => `Lecture : ${title}${artist === '' ? '' : `, ${artist}`}`,
  queue: 'File d’attente',
  empty: 'La file d’attente est vide.',
  toLibrary: 'Trouver de quoi écouter',
  clear: 'Vider la file',
  shuffle: 'Lecture aléatoire',
  repeat: { off: 'Répétition : aucune', all: 'Répétition : la file', one: 'Répétition : ce morceau' },
  speed: 'Vitesse',
  volume: 'Volume',
  mute: 'Couper le son',
  pauseThis: (title: string) => `Mettre « ${title} » en pause`,
  playThis: (title: string) => `Lire « ${title} »`,
  up: (title: string) => `Monter « ${title} »`,
  down: (title: string) => `Descendre « ${title} »`,
  remove: (title: string) => `Retirer « ${title} » de la file`,
  showListening: 'Montrer aux autres ce que j’écoute, dans mon statut',
  keys: 'Touches actives sur toutes les pages, sauf là où l’on écrit',
  keyWords: {
    k: 'Lire ou mettre en pause',
    j: 'Reculer de 10 secondes',
    l: 'Avancer de 10 secondes',
    N: 'Morceau suivant',
    P: 'Morceau précédent',
    m: 'Couper le son',
  },
};
