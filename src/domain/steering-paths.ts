import { foldedReadings, visiblePath } from './path-fold.ts';

/**
 * Files and folders by which a repository tells coding agents, and the tools that they start, what to do: memory and
 * rules, settings with hooks and servers, and what package managers and shells read by themselves. From the
 * documentation of each product; a folder counts with all that is in it.
 *
 * First those that look like any other file: in a folder as their readers spell them, for a sandbox tells upper and
 * lower case apart and `docs/agents.md` is a page of somebody's. At the top in any case: Crush reads `agents.md` there,
 * and pi `AGENTS.MD`.
 */
const plainNames: readonly string[] = [
  'AGENT.md',
  'AGENTS.md',
  'AGENTS.override.md',
  'CLAUDE.md',
  'CLAUDE.local.md',
  'CONTEXT.md',
  'CRUSH.md',
  'CRUSH.local.md',
  'GEMINI.md',
  'QWEN.md',
  'bunfig.toml',
  'crush.json',
  'opencode.json',
  'opencode.jsonc',
];
const spelled: ReadonlySet<string> = new Set(plainNames);
const atTheTop: ReadonlySet<string> = new Set(plainNames.map((name) => name.toLowerCase()));

/** Those that nobody has for another reason: in any folder, in any case. In lower case here. */
const names: ReadonlySet<string> = new Set([
  '.agents',
  '.claude',
  '.claude-plugin',
  '.codex',
  '.continue',
  '.copilot',
  '.crush',
  '.cursor',
  '.gemini',
  '.kiro',
  '.opencode',
  '.pi',
  '.qwen',
  '.roo',
  '.windsurf',
  '.aider.conf.yml',
  '.clinerules',
  '.crush.json',
  '.cursorrules',
  '.goosehints',
  '.mcp.json',
  '.windsurfrules',
  '.envrc',
  '.npmrc',
  '.pnpmfile.cjs',
  '.yarnrc',
  '.yarnrc.yml',
  // Bun, in which some agents are built, and Gemini CLI read these in the folder they are started in.
  '.env',
  '.env.local',
  '.env.development',
  '.env.development.local',
  '.env.production',
  '.env.production.local',
  '.env.test',
  '.env.test.local',
]);

/** The same, by the last two names of a path. */
const pairs: ReadonlySet<string> = new Set([
  '.github/agents',
  '.github/chatmodes',
  '.github/copilot-instructions.md',
  '.github/instructions',
  '.github/prompts',
  '.vscode/mcp.json',
  '.vscode/settings.json',
]);

/** Folders of which only some files steer, and a link in whose place decides on them all. */
const holders: ReadonlySet<string> = new Set(['.github', '.vscode']);

/** Nothing in such a path is folded to anything but its lower case. */
const ascii = /^[\0-\x7f]*$/;

/**
 * The part of a path at which it begins to steer agents: the path itself, or a folder above it. Undefined for a path
 * that steers none. As any file system would read it, and but for plain names without case. `isLink`: a symbolic link
 * is there.
 */
export function steeringRoot(path: string, isLink = false): string | undefined {
  const segments = path.split('/');
  const lengths = segments.map((_, index) => index + 1);
  const length = lengths.find(
    (count) =>
      doesSteer(segments.slice(Math.max(0, count - 2), count)) ||
      isPlainName(segments.slice(count - 1, count).join(''), count === 1),
  );
  if (length !== undefined) return segments.slice(0, length).join('/');
  return isLink && readingsOf(nameOf(path)).some(([name = '']) => holders.has(name))
    ? path
    : undefined;
}

/** The folder whose readers a steering root is for. The empty word is the top. */
export function steeredFolder(root: string): string {
  const folder = folderOf(root);
  return holders.has(nameOf(folder).toLowerCase()) ? folderOf(folder) : folder;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Does a path that ends so steer agents? At most its last two segments are looked at. */
function doesSteer(end: readonly string[]): boolean {
  return readingsOf(end.join('/')).some((segments) => {
    const [last = '', above = ''] = segments.toReversed();
    return names.has(last) || pairs.has(`${above}/${last}`);
  });
}

function isPlainName(name: string, isAtTheTop: boolean): boolean {
  const seen = ascii.test(name) ? name : visiblePath(name);
  if (spelled.has(seen.replace(/\.md$/i, '.md'))) return true;
  return isAtTheTop && readingsOf(name).some(([reading = '']) => atTheTop.has(reading));
}

function readingsOf(text: string): readonly (readonly string[])[] {
  return ascii.test(text) ? [text.toLowerCase().split('/')] : foldedReadings(text);
}
