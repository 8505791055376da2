import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TurnClient } from '#appliance/turn/turn-client.ts';
import { turnCredential } from '#src/ice/turn-credential.ts';
import { spawnTurnServer } from '#test/support/coturn.ts';
import { eventually } from '#test/support/waiting.ts';
import { freeUdpPort, relaySettings, turnSecret } from '#test/support/turn-relay.ts';
import { figure, type Figure } from '../support/figure.ts';

const seconds = 4;
const pairs = 8;
const payload = Buffer.alloc(1_000, 0x80);
const rates = [5_000, 20_000, 40_000];
const ticksPerSecond = 100;

/**
 * Packets of 1,000 bytes relayed from one side to the other through channels of eight pairs of clients, at given rates: the guarded relay
 * in its own process, and Debian's coturn in the same run where it is installed; clients over UDP, and over TCP. All on this machine, the sender included.
 */
export const turnFigures = async (): Promise<Figure[]> => {
  const port = await freeUdpPort();
  const guarded = fork(fileURLToPath(new URL('../../../appliance/turn/relay-process.ts', import.meta.url)), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  guarded.send({ is: 'start', revoked: [], settings: relaySettings({ port, limits: { bytesPerSecond: 1e9, accountBytesPerSecond: 1e9 } }) });
  await new Promise<void>((resolve) => guarded.on('message', (word: { readonly is: string }) => void (word.is === 'listening' && resolve())));
  const figures = [...(await relayed('guarded relay', guarded, port, 'udp')), ...(await relayed('guarded relay', guarded, port, 'tcp'))];
  guarded.disconnect();
  const otherPort = await freeUdpPort();
  const coturn = await spawnTurnServer(otherPort, turnSecret);
  if (!coturn) return figures;
  try {
    return [...figures, ...(await relayed('coturn', coturn, otherPort, 'udp')), ...(await relayed('coturn', coturn, otherPort, 'tcp'))];
  } finally {
    coturn.kill();
  }
};

const relayed = async (name: string, server: ChildProcess, port: number, transport: 'udp' | 'tcp'): Promise<Figure[]> => {
  const figures: Figure[] = [];
  const senders: TurnClient[] = [];
  let received = 0;
  const open = async (account: string): Promise<TurnClient> => TurnClient.open({ host: '127.0.0.1', port, transport }, turnCredential(turnSecret, { account, session: null, expiresAt: Math.ceil(Date.now() / 1_000) + 3_600 }));
  await eventually('the server answers', () => open('first').then((one) => one.binding().then(() => true, () => false).finally(() => one.close()), () => false), undefined, 15_000);
  for (let pair = 0; pair < pairs; pair += 1) {
    const [one, other] = [await open(`one${pair}`), await open(`other${pair}`)];
    const [{ relayed: ofOne }, { relayed: ofOther }] = [await one.allocate(), await other.allocate()];
    await one.bind(0x4000, ofOther);
    await other.bind(0x4000, ofOne);
    other.onData = () => void (received += 1);
    senders.push(one);
  }
  for (const rate of rates) {
    received = 0;
    const cpuBefore = cpuMsOf(server.pid!);
    const began = performance.now();
    let sent = 0;
    while (performance.now() - began < seconds * 1_000) {
      const due = Math.min(((performance.now() - began) / 1_000) * rate, sent + (rate / ticksPerSecond) * 4);
      for (; sent < due; sent += 1) senders[sent % pairs]!.sendOn(0x4000, payload);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const lasted = (performance.now() - began) / 1_000;
    await new Promise((resolve) => setTimeout(resolve, 300));
    figures.push(
      figure(`${name}, ${transport}: packets relayed, ${Math.round(sent / lasted).toLocaleString('en')}/s sent`, received / lasted, '/s'), figure('  lost', (1 - received / sent) * 100, '%'), figure('  processor time of the server for each packet', ((cpuMsOf(server.pid!) - cpuBefore) * 1_000) / Math.max(1, received), 'us'),
    );
  }
  for (const sender of senders) sender.close();
  return figures;
};

/** User and system time of a process, from proc(5), in hundredths of a second. */
const cpuMsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
