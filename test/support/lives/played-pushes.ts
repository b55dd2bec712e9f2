import { Severity } from '../../../src/domain/finding.ts';
import type { Choices } from './choices.ts';
import {
  mended,
  type PlayedFault,
  type PlayedFile,
  type PlayedLine,
  plainLine,
  textOf,
} from './played-files.ts';

const extensions: Readonly<Record<string, string>> = { ruff: 'py', eslint: 'js' };
export const tools = ['ruff', 'eslint'] as const;
/** An agent with a model: its findings are its own, on whole lines, and it has no fingerprints. */
export const modelAgent = 'claude-code';

/** The branch of a pull request, and what people do to it from push to push. */
export class PlayedBranch {
  readonly files: PlayedFile[];
  /** Lines that lost their fault, to be put back. */
  readonly #mended: { readonly file: PlayedFile; readonly line: PlayedLine }[] = [];
  readonly #choices: Choices;
  readonly #isModel: boolean;
  #tokens = 0;

  constructor(choices: Choices, isModel: boolean) {
    this.#choices = choices;
    this.#isModel = isModel;
    const names = ['app/one.py', 'app/two.py', 'web/three.js', 'web/four.js'];
    this.files = names.map((path) => this.#file(path, path));
    this.files.push(this.#file('app/new.py', null));
  }

  /** One to four changes. */
  push(): void {
    for (let left = 1 + this.#choices.below(4); left > 0; left -= 1) this.#change();
  }

  /** The files with a fault of this tool, or that it looks at. */
  ofTool(tool: string): readonly PlayedFile[] {
    return this.files.filter(({ path }) => path.endsWith(`.${extensions[tool]}`));
  }

  #change(): void {
    const file = this.#choices.pick(this.files);
    if (file === undefined) return;
    const acts = [
      ...Array<() => void>(5).fill(() => this.#grow(file)),
      ...Array<() => void>(6).fill(() => this.#plant(file)),
      ...Array<() => void>(4).fill(() => this.#mend(file)),
      ...Array<() => void>(3).fill(() => this.#putBack()),
      ...Array<() => void>(2).fill(() => this.#indent(file)),
      ...Array<() => void>(2).fill(() => this.#move(file)),
      ...Array<() => void>(2).fill(() => this.#rename(file)),
      () => this.#reword(file),
      () => this.#twin(file),
      () => this.#wholeFile(file),
      () => this.#untidy(file),
      () => this.#drop(file),
    ];
    this.#choices.pick(acts)?.();
  }

  #grow({ lines }: PlayedFile): void {
    const count = 1 + this.#choices.below(4);
    const added = Array.from({ length: count }, () => this.#plain());
    lines.splice(this.#choices.below(lines.length + 1), 0, ...added);
  }

  #plant(file: PlayedFile): void {
    const fault = this.#fault(file);
    const line = { ...plainLine(`bad_${fault.token}(input)`, this.#indentation()), fault };
    const at = this.#choices.below(file.lines.length + 1);
    file.lines.splice(at, this.#choices.percent(30) ? 1 : 0, line);
  }

  #mend(file: PlayedFile): void {
    const line = this.#choices.pick(file.lines.filter(({ fault }) => fault !== null));
    if (line === undefined || line.fault === null) return;
    this.#mended.push({ file, line: { ...line } });
    const at = file.lines.indexOf(line);
    if (this.#choices.percent(40)) file.lines.splice(at, 1);
    else file.lines[at] = plainLine(mended(line.fault), line.indent);
  }

  #putBack(): void {
    const back = this.#choices.pick(this.#mended);
    if (back === undefined || !this.files.includes(back.file)) return;
    this.#mended.splice(this.#mended.indexOf(back), 1);
    const { lines } = back.file;
    lines.splice(this.#choices.below(lines.length + 1), 0, back.line);
  }

  #indent({ lines }: PlayedFile): void {
    const from = this.#choices.below(lines.length);
    for (const line of lines.slice(from, from + 8)) line.indent = this.#indentation();
  }

  /** A block with all that tells its lines from others; it goes into this or another file of its kind. */
  #move(file: PlayedFile): void {
    const from = this.#choices.below(file.lines.length);
    const others = this.files.filter((one) => one.path.slice(-3) === file.path.slice(-3));
    const target = this.#choices.pick(others) ?? file;
    const block = file.lines.splice(from, 3 + this.#choices.below(8));
    target.lines.splice(this.#choices.below(target.lines.length + 1), 0, ...block);
  }

  #rename(file: PlayedFile): void {
    const [, folder = '', extension = ''] = /^(\w+)\/.*\.(\w+)$/.exec(file.path) ?? [];
    file.path = `${folder}/${this.#token()}.${extension}`;
  }

  /** The same fault in other words is another fault. */
  #reword(file: PlayedFile): void {
    const line = this.#choices.pick(file.lines.filter(({ fault }) => fault !== null));
    if (line === undefined) return;
    const fault = this.#fault(file);
    const at = file.lines.indexOf(line);
    file.lines[at] = { ...plainLine(`bad_${fault.token}(input)`, line.indent), fault };
  }

  /** The line of a fault once more: nobody can tell the two apart but by what is around them. */
  #twin(file: PlayedFile): void {
    const line = this.#choices.pick(file.lines.filter(({ fault }) => fault !== null));
    if (line === undefined || line.fault?.hasFingerprint === true) return;
    file.lines.splice(this.#choices.below(file.lines.length + 1), 0, { ...line });
  }

  #wholeFile(file: PlayedFile): void {
    if (file.faults.length > 0 && this.#choices.percent(50)) file.faults.pop();
    else file.faults.push({ ...this.#fault(file), isFixable: false, hasFingerprint: false });
  }

  #untidy({ lines }: PlayedFile): void {
    const token = this.#token();
    const line = { ...plainLine(`untidy_${token}(input)`), tidied: `tidy_${token}(input)` };
    lines.splice(this.#choices.below(lines.length + 1), 0, line);
  }

  #drop(file: PlayedFile): void {
    if (file.basePath === null && this.files.length > 3) {
      this.files.splice(this.files.indexOf(file), 1);
      this.files.push(this.#file(`app/${this.#token()}.py`, null));
    }
  }

  #file(path: string, basePath: string | null): PlayedFile {
    const lines = Array.from({ length: 25 + this.#choices.below(20) }, () => this.#plain());
    const lineEnd = this.#choices.percent(25) ? '\r\n' : '\n';
    const file: PlayedFile = { path, basePath, base: '', lineEnd, lines, faults: [] };
    for (let left = this.#choices.below(3); left > 0; left -= 1) this.#plant(file);
    return { ...file, base: basePath === null ? '' : textOf(file) };
  }

  #plain(): PlayedLine {
    const kind = this.#choices.below(10);
    if (kind === 0) return plainLine('');
    if (kind === 1) return plainLine('}', this.#indentation());
    return plainLine(`call_${this.#token()}(1, 2)`, this.#indentation());
  }

  #fault({ path }: PlayedFile): PlayedFault {
    const tool = path.endsWith('.py') ? 'ruff' : 'eslint';
    const fault = this.#faultOf(tool);
    if (!this.#isModel) return fault;
    return { ...fault, tool: modelAgent, hasColumns: false, hasFingerprint: false };
  }

  #faultOf(tool: string): PlayedFault {
    return {
      token: this.#token(),
      tool,
      rule: this.#choices.among(['E1', 'E2', 'W3']),
      severity: this.#choices.among(['error', 'warning', ...Severity.options]),
      isFixable: this.#choices.percent(50),
      hasColumns: this.#choices.percent(50),
      hasFingerprint: this.#choices.percent(25),
    };
  }

  #indentation(): number {
    return 2 * this.#choices.below(4);
  }

  #token(): string {
    this.#tokens += 1;
    // Letters, and none that is a hex digit: a message is known again without its digits.
    const digits = this.#tokens.toString().padStart(4, '0');
    return digits.replaceAll(/\d/g, (digit) => String.fromCharCode(103 + Number(digit)));
  }
}
