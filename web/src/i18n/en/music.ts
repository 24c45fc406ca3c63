// SPDX-License-Identifier: MIT
import { plural } from '../plural';

export const music = {
  title: 'Music',
  tracks: 'Tracks',
  count: (n: number) => plural('en', n, { one: '# track', other: '# tracks' }),
  trackBy: (title: string, artist: string) => (artist === '' ? title : `${title}, by ${artist}`),
  publish: 'Publish',
  searchLabel: 'Search the library',
  search: 'Title, artist, album, genre, tag',
  byTag: 'Tag',
  byPerson: 'Person',
  publishedBy: (name: string) => `By ${name}`,
  everybody: 'Of everybody',
  sort: 'Order',
  sorts: { new: 'Newest first', title: 'By title', rating: 'Best rated', downloads: 'Most downloaded' },
  view: 'View',
  table: 'As a table',
  covers: 'As covers',
  columns: {
    play: 'Play',
    title: 'Title',
    album: 'Album',
    by: 'Published by',
    rating: 'Rating',
    length: 'Length',
    actions: 'Actions',
  },
  rated: (average: string, n: number) =>
    plural('en', n, { one: `${average} of 5, # rating`, other: `${average} of 5, # ratings` }),
  empty: 'No music yet',
  emptyHint: 'Publish the first track: choose audio files, and their titles are read from them.',
  noMatch: 'Nothing matches',
  noMatchHint: 'Try fewer or shorter words, or another tag.',
  showAll: 'Show all tracks',
};
