// SPDX-License-Identifier: MIT
import { plural } from '../plural';

export const music = {
  title: 'Musique',
  tracks: 'Morceaux',
  count: (n: number) => plural('fr', n, { one: '# morceau', other: '# morceaux' }),
  trackBy: (title: string, artist: string) => (artist === '' ? title : `${title}, par ${artist}`),
  publish: 'Publier',
  searchLabel: 'Chercher dans la musique',
  search: 'Titre, artiste, album, genre, mot-clé',
  byTag: 'Mot-clé',
  byPerson: 'Personne',
  publishedBy: (name: string) => `Par ${name}`,
  everybody: 'De tout le monde',
  sort: 'Ordre',
  sorts: { new: 'Plus récents', title: 'Par titre', rating: 'Mieux notés', downloads: 'Plus téléchargés' },
  view: 'Affichage',
  table: 'En tableau',
  covers: 'En pochettes',
  columns: {
    play: 'Lire',
    title: 'Titre',
    album: 'Album',
    by: 'Publié par',
    rating: 'Note',
    length: 'Durée',
    actions: 'Actions',
  },
  rated: (average: string, n: number) =>
    plural('fr', n, { one: `${average} sur 5, # note`, other: `${average} sur 5, # notes` }),
  empty: 'Pas encore de musique',
  emptyHint: 'Publiez le premier morceau : choisissez des fichiers audio, leurs titres y sont lus.',
  noMatch: 'Rien ne correspond',
  noMatchHint: 'Essayez moins de mots, ou de plus courts, ou un autre mot-clé.',
  showAll: 'Montrer tous les morceaux',
};
