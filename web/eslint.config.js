// SPDX-License-Identifier: MIT
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'src/lib/protocol.ts', 'public'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('.', import.meta.url).pathname },
    },
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 300, skipComments: true }],
      'max-depth': ['error', 3],
      'max-params': ['error', 5],
      complexity: ['error', 15],
      // Text becomes nodes, never HTML.
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML' },
        { property: 'outerHTML' },
        { property: 'insertAdjacentHTML' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: 'Text becomes nodes, never HTML.' },
        {
          // What is read on the way to the first await is followed too: the effect may then follow what it changes.
          selector:
            'CallExpression[callee.name=/^(effect|useSignalEffect|computed|useComputed)$/] CallExpression[callee.property.name=/^(then|catch|finally)$/]:not(CallExpression[callee.name=/^(untracked|setTimeout)$/] *)',
          message: 'An effect starts what is asynchronous within untracked(), or it may follow what that changes.',
        },
        {
          selector:
            'CallExpression[callee.name=/^(effect|useSignalEffect|computed|useComputed)$/] UnaryExpression[operator="void"] > CallExpression:not(CallExpression[callee.name=/^(untracked|setTimeout)$/] *)',
          message: 'An effect starts what is asynchronous within untracked(), or it may follow what that changes.',
        },
      ],
    },
  },
  {
    // A component is at most so long.
    files: ['src/**/*.tsx'],
    rules: { 'max-lines': ['error', { max: 200, skipComments: true, skipBlankLines: true }] },
  },
);
