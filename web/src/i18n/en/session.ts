// SPDX-License-Identifier: MIT
export const session = {
  signIn: 'Sign in',
  signOut: 'Sign out',
  register: 'Make an account',
  welcome: 'Talk, and share music, with your community.',
  expired: 'Your session has ended. Sign in again to go on where you were.',
  firstAdmin: 'This is the first account of this server; it will administer it.',
  username: 'User name',
  usernameHint: 'Letters, digits, and . _ - ; others mention you by it.',
  displayName: 'Name to show (optional)',
  displayNameHint: 'As you like it; you can change it later.',
  password: 'Password',
  passwordHint: 'At least 8 characters.',
  invite: 'Invite code (if you were given one)',
  inviteHint: 'Some communities ask for it.',
  noAccount: 'New here?',
  toRegister: 'Make an account',
  haveAccount: 'You have an account?',
  alreadyIn: 'You are signed in already: this link is for people without an account.',
  refusals: {
    register: {
      conflict: 'This name is taken; choose another one.',
      forbidden: 'This needs a valid invite; ask for one.',
    },
    signIn: { forbidden: 'This account is suspended; ask whoever runs this server.' },
  },
};
