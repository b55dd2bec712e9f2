/** One package that dpkg has installed. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/**
 * The installed packages of a `/var/lib/dpkg/status`: deb822 paragraphs, of which only those that are
 * wholly installed count (dpkg(1), "Package states").
 *
 * @throws Error when a paragraph lacks what every package has.
 */
export function debianPackages(status: string): readonly DebianPackage[] {
  const paragraphs = status.split(/\n{2,}/).filter((text) => text.trim() !== '');
  return paragraphs.map(fieldsOf).filter(isInstalled).map(packageOf);
}

function fieldsOf(paragraph: string): ReadonlyMap<string, string> {
  // A line that begins with a blank goes on with the field before it; none of ours has such lines.
  const lines = paragraph.split('\n').filter((line) => /^[A-Za-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
}

/** The first word is what is wanted of it: a package that is on hold is there, too. */
function isInstalled(fields: ReadonlyMap<string, string>): boolean {
  return fields.get('Status')?.endsWith(' ok installed') === true;
}

function packageOf(fields: ReadonlyMap<string, string>): DebianPackage {
  const [name, version, architecture] = ['Package', 'Version', 'Architecture'].map((field) =>
    fields.get(field),
  );
  if (name === undefined || version === undefined || architecture === undefined)
    throw new Error(`dpkg's record of ${name ?? 'a package'} lacks its name, version or processor`);
  return { name, version, architecture };
}
