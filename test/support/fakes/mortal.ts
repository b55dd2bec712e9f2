/** What a process that has died throws; nothing that it called has an answer for it. */
export class Died extends Error {}

/** A process's life: counts its calls to the outside and ends at the chosen one, before or after its effect. */
export class Fuse {
  #callsLeft = Number.POSITIVE_INFINITY;
  #when: 'before' | 'after' = 'before';
  isDead = false;

  /** The `nth` call from now on is its last. */
  set(nth: number, when: 'before' | 'after'): void {
    this.#callsLeft = nth;
    this.#when = when;
  }

  /** A new process takes its place, and lives. */
  restart(): void {
    this.isDead = false;
    this.#callsLeft = Number.POSITIVE_INFINITY;
  }

  async around<T>(effect: () => T): Promise<Awaited<T>> {
    if (this.isDead) throw new Died('a dead process calls nobody');
    this.#callsLeft -= 1;
    const isLast = this.#callsLeft <= 0;
    if (isLast) this.isDead = true;
    if (isLast && this.#when === 'before') throw new Died('died before the effect');
    const result = await effect();
    // Also when somebody else's call was the last one meanwhile: no answer reaches the dead.
    if (this.isDead) throw new Died('died after the effect');
    return result;
  }
}

/** A port as a mortal process has it, with all that hangs on it. Names in `immortal` are given as they are. */
export function mortal<Port extends object>(
  port: Port,
  fuse: Fuse,
  immortal: readonly string[] = ['sourceOf'],
): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value === 'function') {
        const call = (...parts: unknown[]): unknown => Reflect.apply(value, target, parts);
        if (immortal.includes(String(name))) return call;
        return (...parts: unknown[]) => fuse.around(() => call(...parts));
      }
      const isPort = typeof value === 'object' && value !== null;
      return isPort ? mortal(value, fuse, immortal) : value;
    },
  });
}
