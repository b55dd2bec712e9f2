import { conflictMarkers } from './builtin/conflict-markers.ts';
import { hiddenText } from './builtin/hidden-text.ts';
import { lineEndings } from './builtin/line-endings.ts';
import type { Linter } from './linter.ts';
import { biome } from './tools/biome.ts';
import { codespell } from './tools/codespell.ts';
import { flake8 } from './tools/flake8.ts';
import { shellcheck } from './tools/shellcheck.ts';
import { toml } from './tools/toml.ts';
import { yamllint } from './tools/yamllint.ts';

/** Every linter, in the order in which they run; fixers work on a file in this order. */
export const registry: readonly Linter[] = [
  conflictMarkers,
  hiddenText,
  lineEndings,
  biome,
  shellcheck,
  flake8,
  yamllint,
  toml,
  codespell,
];
