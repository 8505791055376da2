import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { everyQuery, type Queries, type QueryName } from '#projections/every-query.ts';
import { digestOf } from '#projections/runner/digest.ts';
import { everyView } from '#projections/runner/every-view.ts';
import { derivedOf } from '#projections/runner/lists.ts';
import { RunningView } from '#projections/runner/running-view.ts';
import { createFile, fileOf } from '#projections/runner/view-file.ts';
import type { Derived, View, ViewName } from '#projections/view.ts';
import type { ViewReader } from '#projections/view-queries.ts';
import type { HansardEvent, Opened } from '#src/every-event.ts';

/** All views over files of their own, in this thread: the same appliers, questions and derived changes, without the threads. */
export class Shelf {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hansard-views-'));
  readonly #running = new Map<ViewName, RunningView>();
  /** Of the last event applied. */
  position = -1;

  /** `views`: in place of the ones of the same name, to try a broken one. `only`: leave the others out. */
  constructor(views: readonly View[] = [], only?: readonly ViewName[]) {
    for (const view of everyView) {
      if (only && !only.includes(view.name)) continue;
      const used = views.find((one) => one.name === view.name) ?? view;
      this.#running.set(view.name, new RunningView(used, createFile(fileOf(this.#folder, view.name), used)));
    }
  }

  /** One batch. Returns what live screens are told. */
  apply(events: readonly Opened[], isSkipped: (position: number) => boolean = () => false): readonly Derived[] {
    for (const running of this.#running.values()) running.applyBatch(events, isSkipped);
    this.position = events.at(-1)?.position ?? this.position;
    return derivedOf(this.#running, true);
  }

  ask<N extends QueryName>(name: N, params: Queries[N]['params']): Queries[N]['value'] {
    const query = everyQuery[name] as unknown as { run: (read: (view: ViewName) => ViewReader, params: unknown) => Queries[N]['value'] };
    return JSON.parse(JSON.stringify(query.run((view) => this.#running.get(view)!.reader, params))) as Queries[N]['value'];
  }

  running(view: ViewName): RunningView {
    return this.#running.get(view)!;
  }

  digests(): Record<string, string> {
    return Object.fromEntries([...this.#running.values()].map((running) => [running.view.name, digestOf(running.db, running.view)]));
  }

  close(): void {
    for (const running of this.#running.values()) running.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The view as it would be if nobody had told it of events of this type. */
export const deafTo = (view: View, type: HansardEvent['type']): View => ({
  ...view,
  open: (db) => {
    const sound = view.open(db);
    return { apply: (event) => event.type !== type && sound.apply(event), flush: () => sound.flush?.(), derive: (position, wanted) => sound.derive?.(position, wanted) ?? [] };
  },
});

/** What a law over random histories throws where two things differ; where a broken view merely falls over, it throws something else. */
export const aDifference = expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringMatching(/^expected .+ to deeply equal /s) }) });

/** Runs with a shelf that is put away whatever happens. */
export const onShelf = <T>(run: (shelf: Shelf) => T, views?: readonly View[], only?: readonly ViewName[]): T => {
  const shelf = new Shelf(views, only);
  try {
    return run(shelf);
  } finally {
    shelf.close();
  }
};
