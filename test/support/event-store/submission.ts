import type { Realm } from './realm.ts';
import type { Proposed } from './recorded.ts';
import type { AppendResult, Expected } from './store.ts';

export type Submission = {
  readonly stream: string;
  readonly expected: Expected;
  readonly proposed: readonly Proposed[];
  /** The server gives up waiting for its own commit then; the commit may still come. */
  readonly timeoutMs: number;
  readonly breakConnection: () => void;
};
export type Outcome = AppendResult | { readonly kind: 'timeout' } | { readonly kind: 'not-ready' };

/** One append, whatever its form: goes wrong where it is to go wrong, else is written and answered once readers can see it. */
export const submit = (realm: Realm, submission: Submission, answer: (outcome: Outcome) => void): void => {
  const { store, faults } = realm;
  const write = (): AppendResult => store.append(submission.stream, submission.expected, submission.proposed);
  if (realm.leader === undefined && (realm.leaderless === 'refuses' || (realm.leaderless === 'mixed' && faults.random() < 0.5))) return answer({ kind: 'not-ready' });
  const fault = faults.strike('connection-lost-before-commit', 'not-ready', 'arrives-late', 'visible-late', 'connection-lost-after-commit', 'answer-lost', 'slow-answer');
  switch (fault) {
    case 'connection-lost-before-commit':
      return submission.breakConnection();
    case 'not-ready':
      return answer({ kind: 'not-ready' });
    case 'arrives-late':
      realm.later(faults.lateMs, write);
      return answer({ kind: 'timeout' });
    case 'visible-late': {
      const release = store.visibility.hold();
      write();
      realm.later(faults.lateMs, release);
      return answer({ kind: 'timeout' });
    }
    case 'connection-lost-after-commit':
      write();
      return submission.breakConnection();
    case 'answer-lost':
      write();
      return undefined;
    case 'slow-answer':
      return answerWhenSeen(realm, submission, write(), (outcome) => void realm.later(faults.slowMs, () => answer(outcome)));
    case undefined:
      return answerWhenSeen(realm, submission, write(), answer);
  }
};

/** A refusal needs nobody's agreement and is answered at once, even where it rests on what readers cannot see yet. */
const answerWhenSeen = (realm: Realm, { timeoutMs }: Submission, result: AppendResult, answer: (outcome: Outcome) => void): void => {
  const { visibility } = realm.store;
  if ((result.kind !== 'written' && result.kind !== 'idempotent') || result.position === undefined || result.position <= visibility.to) return answer(result);
  // A resend of what is written but not yet agreed on is dropped: the server lets it run into its timeout.
  const wait = result.kind === 'idempotent' ? () => undefined : visibility.when(result.position, () => {
    callOff();
    answer(result);
  });
  const callOff = realm.later(timeoutMs, () => {
    wait();
    answer({ kind: 'timeout' });
  });
};
