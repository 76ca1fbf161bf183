import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['**/vendor/', '**/.venv/', 'build/', '**/node_modules/'] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.js'],
    ignores: ['eslint.config.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['scratch-extension/peekaboo.js'],
    languageOptions: { sourceType: 'script', globals: { Scratch: 'readonly' } },
    rules: {
      // TurboWarp may run the file as the body of an async function.
      'no-restricted-properties': ['error', { object: 'document', property: 'currentScript' }],
      // Of these, 360 are what blocks and sentences say in six languages.
      'max-lines': ['error', { max: 1540, skipBlankLines: true, skipComments: true }],
    },
  },
];
