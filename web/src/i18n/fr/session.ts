// SPDX-License-Identifier: MIT
export const session = {
  signIn: 'Se connecter',
  signOut: 'Se déconnecter',
  register: 'Créer un compte',
  welcome: 'Parlez et partagez de la musique avec votre communauté.',
  expired: 'Votre session est terminée. Reconnectez-vous pour reprendre où vous en étiez.',
  firstAdmin: 'C’est le premier compte de ce serveur ; il l’administrera.',
  username: 'Nom d’utilisateur',
  usernameHint: 'Lettres, chiffres et . _ - ; on vous mentionne par ce nom.',
  displayName: 'Nom affiché (facultatif)',
  displayNameHint: 'Comme il vous plaît ; modifiable plus tard.',
  password: 'Mot de passe',
  passwordHint: 'Au moins 8 caractères.',
  invite: 'Code d’invitation (si vous en avez un)',
  inviteHint: 'Certaines communautés le demandent.',
  noAccount: 'Nouveau ici ?',
  toRegister: 'Créer un compte',
  haveAccount: 'Vous avez un compte ?',
  alreadyIn: 'Vous êtes déjà connecté : ce lien est pour qui n’a pas de compte.',
  refusals: {
    register: {
      conflict: 'Ce nom est déjà pris ; choisissez-en un autre.',
      forbidden: 'Il faut une invitation valable ; demandez-en une.',
    },
    signIn: { forbidden: 'Ce compte est suspendu ; adressez-vous à qui gère ce serveur.' },
  },
};
