import type { TaskId } from '../domain/ids.ts';

/**
 * Whose a container is that was labelled before its task was known. A label cannot be changed, so what is
 * asked about tasks is translated here into labels and back.
 */
export class WarmLabels {
  /** Null: no task's yet. */
  readonly #taskOf = new Map<TaskId, TaskId | null>();

  /** One is about to be started under this label. */
  begin(label: TaskId): void {
    this.#taskOf.set(label, null);
  }

  give(label: TaskId, taskId: TaskId): void {
    this.#taskOf.set(label, taskId);
  }

  /** Its container is gone, or nobody's any more. */
  end(label: TaskId): void {
    this.#taskOf.delete(label);
  }

  /** Labels of everything that must stay when the tasks in `keep` stay: those of tasks, and what waits. */
  kept(keep: ReadonlySet<TaskId>): ReadonlySet<TaskId> {
    const labels = [...this.#taskOf].filter(([, taskId]) => taskId === null || keep.has(taskId));
    return new Set([...keep, ...labels.map(([label]) => label)]);
  }

  /** The task behind a label; the label itself where it is a task's. */
  taskOf(label: TaskId): TaskId {
    return this.#taskOf.get(label) ?? label;
  }
}
