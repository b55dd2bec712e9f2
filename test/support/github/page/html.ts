/** Text that may stand in a page as it is. Only `html`, `markdown` and `joined` make it. */
export class SafeHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for any place in a page: content and quoted attributes. Control characters become visible. */
export function escapeHtml(text: string): string {
  const visible = text.replace(
    HIDDEN,
    (one) => `[U+${one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
  return visible.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
}

/** Control characters but tab and line ends, and format characters, which reorder or hide text (CVE-2021-42574). */
const HIDDEN = /[^\P{Cc}\t\n\r]|\p{Cf}/gu;

type Value = SafeHtml | readonly SafeHtml[] | string | number;

/** A template whose values are escaped, unless they are safe already. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): SafeHtml {
  return new SafeHtml(
    parts.map((part, i) => part + (i < values.length ? show(values[i] ?? '') : '')).join(''),
  );
}

function show(value: Value): string {
  if (value instanceof SafeHtml) return value.text;
  if (typeof value === 'object') return value.map((one) => one.text).join('');
  return escapeHtml(String(value));
}
