import { GitSource } from '../../src/adapters/git/git-source.ts';
import { CommitSha } from '../../src/domain/ids.ts';
import { neverAborted, roomyLimits } from './pull-snapshot.ts';

/** A process of its own that reads one snapshot: arguments are mirror folder, URL, head and base. */
const [mirrorsDir = '', url = '', head = '', base = ''] = process.argv.slice(2);
const commits = { headSha: CommitSha.parse(head), baseSha: CommitSha.parse(base) };
const location = { mirrorKey: 'shared', url, token: null };
const source = new GitSource({ mirrorsDir });
const snapshot = await source.snapshot(location, commits, roomyLimits, neverAborted);
process.stdout.write(`${String(snapshot.changedFiles.length)}\n`);
