import { anything, assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Layer } from '../../../src/policy/document/layer.ts';
import { closestWord } from '../../../src/policy/parsing/closest-word.ts';
import { knownKeysAt } from '../../../src/policy/parsing/known-words.ts';
import { readPlainYaml } from '../../../src/policy/parsing/plain-yaml.ts';
import { readLayer } from '../../../src/policy/parsing/read-layer.ts';
import { faultsOf, operatorText, says } from './fixture.ts';

function read(content: Uint8Array | string) {
  return readLayer({ layer: 'repository', file: 'p.yml', content });
}

function faults(content: Uint8Array | string): readonly string[] {
  return faultsOf(read(content));
}

const v = 'version: 1\n';

describe('readLayer', () => {
  it.each([
    ['the least', v],
    ['an operator’s layer', operatorText],
    ['a byte order mark', `\ufeff${v}`],
    ['Windows line ends', 'version: 1\r\nruntime: runsc\r\n'],
    ['brackets in comments and texts', `${v}# {{{{{ [[[\ncheck: { name: 'a [b {c' }\n`],
    ['text that YAML 1.1 took for a boolean', `${v}check: { name: yes }\n`],
    ['letters outside ASCII', `${v}check: { name: Prüfung 検査 }\n`],
    ['a user by id, and an App', `${v}run: { users: ['octocat#583231', 'renovate[bot]'] }\n`],
  ])('takes %s', (_what, text) => {
    expect(faults(text)).toEqual([]);
  });

  it('says where a value stands', () => {
    const reading = read(`${v}limits:\n  pids: 64\n`);
    const place = reading.ok ? reading.document.placeOf(['limits', 'pids']) : undefined;
    expect(place).toEqual({ layer: 'repository', file: 'p.yml', line: 3, column: 9 });
  });

  it.each([
    [
      `${v}limits: { pid: 64 }`,
      'p.yml:2:11: limits.pid: is no key of a policy; did you mean pids?',
    ],
    [`${v}limtis: { pids: 64 }`, 'p.yml:2:1: limtis: is no key of a policy; did you mean limits?'],
    [
      `${v}tasks: { fix: { agnet: x } }`,
      'p.yml:2:17: tasks.fix.agnet: is no key of a policy; did you mean agent?',
    ],
    [
      `${v}quietHours: [{ day: [] }]`,
      /quietHours\.0\.day: is no key of a policy; did you mean days\?/,
    ],
    [
      `${v}review: { colour: red }`,
      'p.yml:2:11: review.colour: is no key of a policy; known here: maxComments, maxFileComments, summaryComment, linkHosts, inline, refuted, unsure',
    ],
    [
      `${v}limits: { pids: many }`,
      'p.yml:2:17: limits.pids: must be a number, not the text "many"',
    ],
    [`${v}limits: { pids: 64.5 }`, 'p.yml:2:17: limits.pids: must be a whole number, not 64.5'],
    [`${v}limits: { pids: 1 }`, 'p.yml:2:17: limits.pids: must be at least 16'],
    [`${v}limits: { cpus: 0 }`, /limits\.cpus: must be at least 0|more than/],
    [`${v}limits: { cpus: 999 }`, 'p.yml:2:17: limits.cpus: must be at most 256'],
    [`${v}limits: 5`, 'p.yml:2:9: limits: must be a section of keys, not 5'],
    [`${v}limits:\n`, 'p.yml:2:8: limits: must be a section of keys, not nothing'],
    [`${v}limits: []`, 'p.yml:2:9: limits: must be a section of keys, not a list'],
    [`${v}agents: { a: b }`, 'p.yml:2:9: agents: must be a list, as [a, b], not a section of keys'],
    [`${v}agents: linters`, 'p.yml:2:9: agents: must be a list, as [a, b], not the text "linters"'],
    [`${v}agents: [7]`, 'p.yml:2:10: agents.0: must be text, not 7'],
    [
      `${v}agents: [Claude]`,
      'p.yml:2:10: agents.0: must be an agent as the worker image names it, at most 32 letters, and not containment',
    ],
    // It attacks its sandbox; nobody on GitHub may ask for that.
    [`${v}agents: [containment]`, /agents\.0: must be an agent .* and not containment/],
    [`${v}tasks: { fix: { agent: containment } }`, /tasks\.fix\.agent: .* and not containment/],
    [
      `${v}commands: { short: yes }`,
      'p.yml:2:20: commands.short: must be true or false, not the text "yes"',
    ],
    [
      `${v}runtime: runcs`,
      'p.yml:2:10: runtime: must be one of runc, runsc, not the text "runcs"; did you mean runc?',
    ],
    [
      `${v}runtime: gvisor`,
      'p.yml:2:10: runtime: must be one of runc, runsc, not the text "gvisor"',
    ],
    [`${v}run: {}`, 'p.yml:2:6: run: names nobody; say permission, teams or users'],
    [`${v}run: { author: false }`, 'p.yml:2:16: run.author: must be true, not false'],
    [
      `${v}run: { permission: none }`,
      /run\.permission: must be one of read, triage, write, maintain, admin/,
    ],
    [
      `${v}run: { teams: [security] }`,
      'p.yml:2:16: run.teams.0: must be a team as organisation/slug',
    ],
    [`${v}run: { users: ['a b'] }`, /run\.users\.0: must be a login/],
    [
      `${v}images: [latest]`,
      'p.yml:2:10: images.0: must be sha256: and 64 hex digits; a tag can be moved',
    ],
    [`${v}tasks: { Help: {} }`, /p\.yml:2:10: tasks\.Help: a task is named in lower-case letters/],
    [`${v}tasks: { approve: {} }`, /tasks\.approve: a task is named .* not help, run, approve/],
    [`${v}inputs: { include: [] }`, 'p.yml:2:20: inputs.include: must be at least 1 entry'],
    [`${v}inputs: { include: ['!a'] }`, /inputs\.include\.0: a glob starts with neither/],
    [`${v}inputs: { include: ['a**'] }`, /inputs\.include\.0: \*\* stands alone/],
    [`${v}check: { name: '' }`, 'p.yml:2:16: check.name: must be at least 1 characters'],
    [
      `${v}quietHours: [{ days: [mon], from: '9:00', to: '10:00', timeZone: UTC }]`,
      /quietHours\.0\.from: must be a time as "09:30"/,
    ],
    [
      `${v}quietHours: [{ days: [mon], from: '09:00', to: '10:00', timeZone: Mars/Base }]`,
      /timeZone: is no time zone that is known here/,
    ],
    [
      `${v}quietHours: [{ days: [mon], from: '09:00', to: '10:00' }]`,
      'p.yml:2:14: quietHours.0.timeZone: is missing; it is text',
    ],
    [`${v}tasks: { fix: { instructions: ../x } }`, /instructions: must be the path of a file/],
    [`${v}tasks: { fix: { instructions: /etc/x } }`, /instructions: must be the path of a file/],
    [
      `${v}egress: { rules: [{ id: a, host: example.org, methods: [GET], paths: [x] }] }`,
      /egress\.rules\.0\.paths\.0: must be \/-separated/,
    ],
    [
      `${v}egress: { rules: [{ id: a, host: example.org, method: [GET], paths: [/x] }] }`,
      /egress\.rules\.0\.method: is no key .* did you mean methods\?/,
    ],
    [`${v}agents: [${'a, '.repeat(51)}]`, 'p.yml:2:9: agents: must be at most 50 entries'],
    [
      `${v}egress: { rules: [{ id: a, host: a.example.org, port: 1, methods: [CONNECT] }, { id: a, host: '*.example.org', methods: [CONNECT] }] }`,
      'p.yml:2:9: egress: two rules or routes have one id',
    ],
    [
      `${v}egress: { rules: [{ id: a, host: a.example.org, methods: [GET], paths: [/], credential: { name: a, header: x-api-key } }] }`,
      /egress\.rules\.0: a credential needs tls: true/,
    ],
    ['version: 2', 'p.yml:1:10: version: must be 1, not 2'],
    ['runtime: runc', 'p.yml:1:1: version: must be 1, not nothing'],
    ['', 'p.yml:1:1: must be a section of keys, not nothing'],
    ['- a', 'p.yml:1:1: must be a section of keys, not a list'],
  ])('explains %j', (text, message) => {
    expect(faults(text)).toContainEqual(says(message));
  });

  it('tells every fault, and not more than fifty', () => {
    expect(faults(`${v}limits: { pids: a, cpus: b }`)).toHaveLength(2);
    const keys = Array.from({ length: 80 }, (_, index) => `k${index}: 1`);
    expect(faults(v + keys.join('\n'))).toHaveLength(50);
  });

  it('refuses more tasks than a document may have', () => {
    const tasks = Array.from({ length: 33 }, (_, index) => `  t${index}: { agent: a }`);
    expect(faults(`${v}tasks:\n${tasks.join('\n')}`)).toEqual([
      'p.yml:3:3: tasks: at most 32 tasks',
    ]);
  });
});

const laughs = `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`;

describe('a hostile text', () => {
  it.each([
    ['billion laughs', laughs, /p\.yml:1:\d+: a: takes no anchor/],
    ['an alias', `${v}check: { name: *x }`, /is not YAML|takes no alias/],
    [
      'an alias to an anchor on a key',
      `${v}? &k check\n: { name: *k }`,
      /key that is not plain text/,
    ],
    ['a merge key', `${v}limits: { <<: { pids: 64 } }`, 'p.yml:2:11: limits: takes no key <<'],
    ['YAML 1.1', `%YAML 1.1\n---\n${v}`, 'p.yml:1:1: takes no % directive'],
    ['a tag of JavaScript', `${v}check: { name: !!js/function 'x' }`, /check\.name: takes no tag/],
    ['a tag of a section', `${v}check: !x { name: a }`, /check: takes no tag/],
    ['a standard tag', `${v}check: { name: !!binary aGk= }`, /takes no tag/],
    ['a tag on a key', `${v}!!str check: { name: a }`, /key that is not plain text/],
    ['a prototype', `${v}__proto__: { polluted: true }`, 'p.yml:2:1: takes no key __proto__'],
    [
      'a prototype below',
      `${v}tasks: { __proto__: { agent: a } }`,
      'p.yml:2:10: tasks: takes no key __proto__',
    ],
    [
      'a constructor',
      `${v}tasks: { constructor: { agent: a }, toString: 1 }`,
      /tasks\.toString: a task is named|tasks\.toString: must be/,
    ],
    [
      'a key twice',
      `${v}runtime: runc\nruntime: runsc`,
      'p.yml:3:1: runtime: is said twice; keep one of the two',
    ],
    ['a list as a key', `${v}? [a, b]\n: c`, /key that is not plain text/],
    ['a number that is none', `${v}limits: { pids: .nan }`, /limits\.pids: must be/],
    ['an endless number', `${v}limits: { pids: .inf }`, /limits\.pids: must be/],
    ['a huge number', `${v}limits: { pids: 1e400 }`, /limits\.pids: must be/],
    [
      'a number that is not exact',
      `${v}limits: { pids: 9007199254740993 }`,
      /limits\.pids: must be/,
    ],
    ['two documents', `${v}---\n${v}`, /has a second document/],
    [
      'a tab',
      `${v}limits:\n\tpids: 64`,
      'p.yml:3:1: is indented with a tab; YAML takes spaces only',
    ],
    [
      'a NUL',
      `${v}check: { name: "a\0b" }`,
      'p.yml:2:18: has a character that cannot be seen, U+0000; remove it',
    ],
    ['an escape', `${v}check: { name: "\u001b[31m" }`, /U\+001B/],
    ['a text that turns around', `${v}# \u202e evil\n`, /p\.yml:2:3: .*U\+202E/],
    ['a space without width', `${v}check: { name: "a\u200bb" }`, /U\+200B/],
    ['a tag character', `${v}# \u{e0041}\n`, /U\+E0041/],
    ['a mark in the middle', `${v}\ufeffruntime: runc`, /U\+FEFF/],
    [
      'too much',
      `${v}${'#'.repeat(64 * 1024)}`,
      'p.yml:1:1: is 65547 bytes; a policy has at most 65536',
    ],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x76, 0]), 'p.yml:1:1: is not UTF-8'],
    ['an overlong form', new Uint8Array([0xc0, 0xaf]), 'p.yml:1:1: is not UTF-8'],
    ['brackets without end', '['.repeat(60_000), /nests deeper/],
    ['sections in brackets', '{a: '.repeat(10_000), /nests deeper/],
    ['dashes without end', '- '.repeat(30_000), /nests deeper/],
    ['questions without end', `${v}a:\n  ${'? '.repeat(20_000)}x`, /nests deeper/],
    [
      'deep indentation',
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /nests deeper/,
    ],
    ['a bracket that is open', 'version: [', /p\.yml:1:\d+: is not YAML/],
  ])('is refused with its place: %s', (_what, text, message) => {
    const found = faults(text);
    expect(found.join('\n')).toMatch(message);
    expect(found[0]).toMatch(/^p\.yml:\d+:\d+: /);
  });

  it('leaves no trace on what all objects share', () => {
    faults(`${v}tasks: { constructor: { prototype: { polluted: true } } }`);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('is never thrown at: any bytes are a document or faults', () => {
    assert(property(uint8Array({ maxLength: 200 }), (bytes) => faults(bytes).length >= 0));
    assert(property(string(), (text) => faults(v + text).length >= 0));
    assert(property(anything(), (value) => faults(JSON.stringify(value) ?? '').length > 0));
  });
});

describe('closestWord', () => {
  it.each([
    ['limtis', 'limits'],
    ['Limits', 'limits'],
    ['limit', 'limits'],
    ['lmits', 'limits'],
    ['ageNt', 'agent'],
    ['gaent', 'agent'],
    ['xy', undefined],
    ['quietly', undefined],
    ['', undefined],
    ['l'.repeat(65), undefined],
  ])('takes %j for %j', (word, meant) => {
    expect(closestWord(word, ['limits', 'agent', 'egress'])).toBe(meant);
  });
});

describe('knownKeysAt', () => {
  it.each([
    [['limits'], 'pids'],
    [['tasks', 'any', 'triggers', 'labels'], 'none'],
    [['quietHours', '0'], 'timeZone'],
    [['egress', 'rules', '0'], 'methods'],
    [['egress', 'rules', '0', 'credential'], 'header'],
  ])('at %j there is %s', (path, key) => {
    expect(knownKeysAt(Layer, path)).toContain(key);
  });

  it.each([[['version']], [['version', 'x']], [['nothing']], [['toString']]])(
    'at %j there is none',
    (path) => {
      expect(knownKeysAt(Layer, path)).toEqual([]);
    },
  );
});

describe('readPlainYaml', () => {
  it('places a key, else the value around where it would stand', () => {
    const { keyOffsetOf } = readPlainYaml('a:\n  b: 1\n');
    expect([['a', 'b'], ['a', 'x'], ['x']].map((path) => keyOffsetOf(path))).toEqual([5, 5, 0]);
  });
});
