import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The cable between one tab and the appliance: it can be pulled, which no browser switch does to a socket that is already open. */
export type Cable = {
  /** The appliance's address at this end. */
  readonly url: string;
  /** Ends what runs over it and lets nothing through. */
  readonly pull: () => void;
  readonly plugIn: () => void;
  /** What is connected from now on goes there, as a balancer sends people to another appliance. */
  readonly leadTo: (url: string) => void;
  readonly close: () => Promise<void>;
};

export const aCable = async (to: string): Promise<Cable> => {
  let port = Number(new URL(to).port);
  const ends = new Set<Socket>();
  let plugged = true;
  const server = createServer((near) => {
    if (!plugged) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [[near, far], [far, near]] as const) {
      ends.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        ends.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pull = (): void => {
    plugged = false;
    for (const end of ends) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull,
    plugIn: () => void (plugged = true),
    leadTo: (url) => void (port = Number(new URL(url).port)),
    close: () => {
      pull();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
