import { describe, expect, it } from 'vitest';
import { checkArchitecture } from '../../scripts/architecture/check-architecture.ts';
import { loadTree } from '../../scripts/architecture/load-tree.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** A file, what it holds, and what has to be said about it. */
type Breach = readonly [path: string, source: string, reason: string];

const INWARDS: readonly Breach[] = [
  ['src/domain/a.ts', "import '../ports/b.ts'", 'domain may not import src/ports/b.ts'],
  ['src/domain/a.ts', "import '../errors.ts'", 'domain may not import src/errors.ts'],
  ['src/domain/a.ts', "import yaml from 'yaml'", 'domain may not name yaml'],
  ['src/protocol/a.ts', "import '../policy/b.ts'", 'protocol may not import src/policy/b.ts'],
  ['src/protocol/a.ts', "export * from 'picomatch'", 'protocol may not name picomatch'],
  ['src/policy/a.ts', "import '../ports/b.ts'", 'policy may not import src/ports/b.ts'],
  ['src/policy/a.ts', "import 'node:fs'", 'policy may not do I/O (node:fs)'],
  ['src/policy/a.ts', "import 'node:fs/promises'", 'policy may not do I/O (node:fs/promises)'],
  ['src/ports/a.ts', "import '../dispatch/b.ts'", 'ports may not import src/dispatch/b.ts'],
  ['src/report/a.ts', "import '../approval/b.ts'", 'report may not import src/approval/b.ts'],
  ['src/approval/a.ts', "import '../dispatch/b.ts'", 'approval may not import src/dispatch/b.ts'],
  [
    'src/dispatch/a.ts',
    "import '../adapters/sql/b.ts'",
    'dispatch may not import src/adapters/sql/b.ts',
  ],
  ['src/dispatch/a.ts', "import '../webhooks/b.ts'", 'dispatch may not import src/webhooks/b.ts'],
  [
    'src/dispatch/a.ts',
    "import 'node:child_process'",
    'dispatch may not do I/O (node:child_process)',
  ],
  ['src/broker/a.ts', "import '../dispatch/b.ts'", 'broker may not import src/dispatch/b.ts'],
  ['src/wire/a.ts', "import '../broker/b.ts'", 'wire may not import src/broker/b.ts'],
  [
    'src/adapters/sql/a.ts',
    "import '../docker/b.ts'",
    'adapters/sql may not import src/adapters/docker/b.ts',
  ],
  [
    'src/adapters/sql/a.ts',
    "import '../../dispatch/b.ts'",
    'adapters/sql may not import src/dispatch/b.ts',
  ],
  [
    'src/adapters/git/a.ts',
    "import '../../ledger/b.ts'",
    'adapters/git may not import src/ledger/b.ts',
  ],
  ['src/app.ts', "import './dispatch/b.ts'", 'app may not import src/dispatch/b.ts'],
  ['src/errors.ts', "import './domain/b.ts'", 'errors may not import src/domain/b.ts'],
  [
    'workers/supervisor/a.ts',
    "import '../../src/policy/b.ts'",
    'workers may not import src/policy/b.ts',
  ],
  [
    'src/wiring.ts',
    "import '../workers/supervisor/b.ts'",
    'wiring may not import workers/supervisor/b.ts',
  ],
];

const PACKAGES: readonly Breach[] = [
  ['src/dispatch/a.ts', "import { Probot } from 'probot'", 'dispatch may not name probot'],
  ['src/wiring.ts', "import { Octokit } from '@octokit/rest'", 'wiring may not name @octokit/rest'],
  ['src/wire/a.ts', "import Docker from 'dockerode'", 'wire may not name dockerode'],
  [
    'src/adapters/redis/a.ts',
    "import { Queue } from 'bullmq'",
    'adapters/redis may not name bullmq',
  ],
  ['src/adapters/sql/a.ts', "import { Redis } from 'ioredis'", 'adapters/sql may not name ioredis'],
  ['src/ledger/a.ts', "import { sql } from 'kysely/helpers/x'", 'ledger may not name kysely'],
];

const DISGUISES: readonly Breach[] = [
  [
    'src/domain/a.ts',
    "import type { B } from '../ports/b.ts'",
    'domain may not import src/ports/b.ts',
  ],
  [
    'src/domain/a.ts',
    "export type { B } from '../ports/b.ts'",
    'domain may not import src/ports/b.ts',
  ],
  ['src/domain/a.ts', "export * from '../ports/b.ts'", 'domain may not import src/ports/b.ts'],
  ['src/domain/a.ts', "type B = import('../ports/b.ts').B", 'domain may not import src/ports/b.ts'],
  ['src/domain/a.ts', "void import('../ports/b.ts')", 'domain may not import src/ports/b.ts'],
  ['src/domain/a.ts', "const b = require('../ports/b.ts')", 'domain may not import src/ports/b.ts'],
  [
    'src/domain/a.ts',
    "import b = require('../ports/b.ts')",
    'domain may not import src/ports/b.ts',
  ],
  ['src/domain/a.ts', "void import('../ports/' + name)", 'imports a computed path'],
  [
    'src/domain/a.ts',
    "import '../../test/support/b.ts'",
    'imports test/support/b.ts, which is in no zone',
  ],
  ['src/main.ts', "import '../scripts/b.ts'", 'imports scripts/b.ts, which is in no zone'],
  ['src/config.ts', "import 'fs'", 'imports fs without node:'],
];

const FILES: readonly Breach[] = [
  ['src/report/utils.ts', '', 'the name "utils" is banned or not kebab-case'],
  ['src/report/diff-helpers.ts', '', 'the name "diff-helpers" is banned or not kebab-case'],
  ['src/dispatch/common/a.ts', '', 'the name "common" is banned or not kebab-case'],
  ['src/report/base.ts', '', 'the name "base" is banned or not kebab-case'],
  ['src/report/checkRun.ts', '', 'the name "checkRun" is banned or not kebab-case'],
  [
    'src/report/a.ts',
    'export class TaskManager {}',
    'the exported name "TaskManager" says nothing',
  ],
  ['src/report/a.ts', 'export const gitUtils = 1', 'the exported name "gitUtils" says nothing'],
  [
    'src/report/a.ts',
    'const b = 1; export { b as diffService }',
    'the exported name "diffService" says nothing',
  ],
  ['src/report/a.ts', 'const b = 1; export { b as default }', 'has a default export'],
  ['src/report/a.ts', 'export default 1', 'has a default export'],
  ['src/report/a.ts', 'const a = 1;\n'.repeat(201), 'has 201 lines, over 200'],
  ['src/telemetry/a.ts', '', 'is in no zone of scripts/architecture/zones.ts'],
  ['src/adapters/a.ts', "import '../main.ts'", 'adapters/a.ts may not import src/main.ts'],
  ['src/main.ts', "process.env['X']", 'reads process.env; only src/config.ts does'],
  ['src/wiring.ts', "process['env'].X", 'reads process.env; only src/config.ts does'],
  ['src/wiring.ts', 'const { env } = process', 'reads process.env; only src/config.ts does'],
  [
    'src/cli/a.ts',
    "import { env } from 'node:process'",
    'reads process.env; only src/config.ts does',
  ],
  ['workers/supervisor/a.ts', 'process.env.X', 'reads process.env; only src/config.ts does'],
];

const KEPT: readonly (readonly [path: string, source: string])[] = [
  ['src/domain/a.ts', "import { z } from 'zod'; import './b.ts'; import 'node:crypto'"],
  ['src/protocol/a.ts', "import '../domain/b.ts'"],
  [
    'src/dispatch/a.ts',
    "import '../ports/b.ts'; import '../policy/c.ts'; import '../approval/d.ts'",
  ],
  ['src/adapters/octokit/a.ts', "import { Octokit } from '@octokit/rest'; import 'node:https'"],
  ['src/adapters/sql/a.ts', "import '../../ledger/b.ts'; import { sql } from 'kysely'"],
  ['src/webhooks/a.ts', "import type { Context } from 'probot'"],
  ['src/webhooks/a.ts', "import type { IncomingMessage } from 'node:http'"],
  ['src/config.ts', "export const a = process.env['X']"],
  ['workers/supervisor/main.ts', "import '../../src/protocol/b.ts'; process.env.HOME"],
  ['src/wiring.ts', "import './adapters/sql/b.ts'; import './dispatch/c.ts'"],
  ['src/report/base-branch.ts', 'export const baseSha = \'import x from "probot"\' // process.env'],
];

describe('the architecture of src and workers', () => {
  it('keeps every rule', async () => {
    const tree = await loadTree(ROOT);
    expect(tree.size).toBeGreaterThan(20);
    expect(checkArchitecture(tree)).toEqual([]);
  });
});

describe('the architecture check', () => {
  const breaches = [...INWARDS, ...PACKAGES, ...DISGUISES, ...FILES];
  const rows = breaches.map(([path, source, reason]) => ({ path, source, reason }));

  it.each(rows)('refuses in $path: $reason', ({ path, source, reason }) => {
    expect(checkArchitecture(new Map([[path, source]]))).toContain(`${path}: ${reason}`);
  });

  it.each(KEPT)('accepts in %s: %s', (path, source) => {
    expect(checkArchitecture(new Map([[path, source]]))).toEqual([]);
  });

  it('names the files of a cycle once, type-only imports included', () => {
    const tree = new Map([
      ['src/domain/a.ts', "import './b.ts'"],
      ['src/domain/b.ts', "import type { C } from './c.ts'"],
      ['src/domain/c.ts', "import './a.ts'"],
      ['src/domain/d.ts', "import './a.ts'"],
    ]);
    expect(checkArchitecture(tree)).toEqual([
      'cycle: src/domain/a.ts -> src/domain/b.ts -> src/domain/c.ts -> src/domain/a.ts',
    ]);
  });
});
