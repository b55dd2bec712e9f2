/** One value: where it and its key stand, and what is in it. Offsets in UTF-16 units. */
interface PlaceNode {
  value?: number;
  key?: number;
  readonly children: Map<string, PlaceNode>;
}

/**
 * Where each part of a text stands. A tree, as the values are: a map by whole paths would hold a long key
 * once for everything below it, and 64 KiB of text would come to minutes and hundreds of megabytes.
 */
export class YamlPlaces {
  readonly #root: PlaceNode = { children: new Map() };

  setValue(path: readonly string[], offset: number): void {
    this.#nodeFor(path).value = offset;
  }

  setKey(path: readonly string[], offset: number): void {
    this.#nodeFor(path).key = offset;
  }

  /** Offset of the value at a path, else of the nearest value around it; 0 for the whole. */
  offsetOf(path: readonly PropertyKey[]): number {
    const [, ...below] = this.#along(path);
    return below.findLast(({ value }) => value !== undefined)?.value ?? 0;
  }

  /** Offset of the key at a path, else of its value. */
  keyOffsetOf(path: readonly PropertyKey[]): number {
    return this.#along(path)[path.length]?.key ?? this.offsetOf(path);
  }

  /** The nodes from the root towards the path, as far as there are any. */
  #along(path: readonly PropertyKey[]): readonly PlaceNode[] {
    const nodes = [this.#root];
    for (const key of path) {
      const next = nodes.at(-1)?.children.get(String(key));
      if (next === undefined) break;
      nodes.push(next);
    }
    return nodes;
  }

  #nodeFor(path: readonly string[]): PlaceNode {
    let node = this.#root;
    for (const key of path) {
      const next = node.children.get(key) ?? { children: new Map() };
      node.children.set(key, next);
      node = next;
    }
    return node;
  }
}
