import { GraphQlRefusal } from './refusal.ts';

/** The arguments of every connection. */
export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** docs.github.com, rate and query limits: every connection needs `first` or `last`, 1 to 100. */
const MAX_ITEMS = 100;

/** One page of a connection. Cursors name an item, so that what is added meanwhile moves nothing. */
export function connection<T extends { readonly id: number }>(
  name: string,
  items: readonly T[],
  args: PageArguments,
  view: (item: T) => unknown,
): unknown {
  checkSize(name, args);
  const [first, last] = [args.first ?? undefined, args.last ?? undefined];
  const start = typeof args.after === 'string' ? indexAt(items, args.after) + 1 : 0;
  const end = typeof args.before === 'string' ? indexAt(items, args.before) : items.length;
  const from = last === undefined ? start : Math.max(start, end - last);
  const to = first === undefined ? end : Math.min(end, from + first);
  const shown = items.slice(from, to);
  return {
    totalCount: items.length,
    nodes: shown.map(view),
    pageInfo: {
      startCursor: cursorOf(shown[0]),
      endCursor: cursorOf(shown.at(-1)),
      hasPreviousPage: from > 0,
      hasNextPage: to < items.length,
    },
  };
}

function checkSize(name: string, { first, last }: PageArguments): void {
  const sizes = [first, last].filter((one) => typeof one === 'number');
  const [size] = sizes;
  if (size === undefined)
    throw new GraphQlRefusal(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  if (sizes.length > 1)
    throw new GraphQlRefusal(
      'INVALID_PAGINATION_BOUNDARIES',
      `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`,
    );
  if (size < 1 || size > MAX_ITEMS)
    throw new GraphQlRefusal(
      'EXCESSIVE_PAGINATION',
      `Requesting ${size} records on the \`${name}\` connection exceeds the limit of ${MAX_ITEMS} records.`,
    );
}

function cursorOf(item: { readonly id: number } | undefined): string | null {
  return item ? Buffer.from(`cursor:${item.id}`).toString('base64url') : null;
}

function indexAt(items: readonly { readonly id: number }[], cursor: string): number {
  const index = items.findIndex((item) => cursorOf(item) === cursor);
  if (index >= 0) return index;
  throw new GraphQlRefusal(
    'INVALID_CURSOR_ARGUMENTS',
    `\`${cursor}\` does not appear to be a valid cursor.`,
  );
}
