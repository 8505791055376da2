import { limits } from '#src/contract/limits.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { Tally } from '#src/kernel/tally.ts';

const tooMany = refuse('too-many', `You are reading ${limits.fileReadsAtOnce} files at once already. Wait until one of them is here, then try again.`, limits.fileReadsAtOnce);

/** Files that are on their way to people: each takes some megabytes of memory for as long as its reader takes, be it for ever. */
export class OpenReads {
  readonly #open = new Tally();

  /** `read` is asked while there is room for one more of this account; what it answers counts until its last byte is taken, or nobody wants it any more. */
  async answer(account: string, read: () => Promise<Response | Refusal>): Promise<Response | Refusal> {
    if (this.#open.of(account) >= limits.fileReadsAtOnce) return tooMany;
    this.#open.add(account, 1);
    let isOpen = true;
    const ended = (): void => {
      if (isOpen) this.#open.add(account, -1);
      isOpen = false;
    };
    try {
      const answer = await read();
      if (!isRefusal(answer) && answer.body) return new Response(counted(answer.body, ended), answer);
      ended();
      return answer;
    } catch (cause) {
      ended();
      throw cause;
    }
  }
}

/** The same bytes, with nothing kept beside them; `ended` is called once they are over in one way or another. */
const counted = (body: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> => {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await reader.read();
          if (!next.done) return controller.enqueue(next.value);
          ended();
          controller.close();
        } catch (cause) {
          ended();
          controller.error(cause);
        }
      },
      async cancel(reason) {
        ended();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
};
