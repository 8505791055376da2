import { z } from 'zod';
import { commonRefusals, type Endpoint } from '#src/contract/endpoint.ts';
import { everyEndpoint } from '#src/contract/every-endpoint.ts';
import { limits } from '#src/contract/limits.ts';
import { clientFrame, closeCodes, type ServerFrame } from '#src/contract/socket.ts';

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
/** By address, so that what belongs together stands together. */
const endpoints = [...everyEndpoint].sort((one, other) => compared(one.path, other.path) || compared(one.name, other.name));

/** `docs/api.md`: everything that can be asked of Hansard, made from the contract. */
export const apiPage = (): string =>
  [
    '# The API',
    '',
    'Made from `src/contract` by `npm run docs`; a test checks that it is current. The same endpoints are served over HTTP and over one WebSocket.',
    '',
    ...overHttp,
    '## Endpoints',
    '',
    '| name | asks | who | says |',
    '| --- | --- | --- | --- |',
    ...endpoints.map((endpoint) => `| [${endpoint.name}](#${endpoint.name.toLowerCase()}) | \`${endpoint.method} /api${endpoint.path}\` | ${policyOf(endpoint)} | ${cell(endpoint.says)} |`),
    '',
    ...endpoints.flatMap(sectionOf),
    ...overSocket(),
    ...limitsSection(),
  ].join('\n');

const overHttp = [
  '## Over HTTP',
  '',
  '- `POST /api/session` signs in and sets an opaque session cookie; every other call needs it, unless its line says *public*.',
  '- Fields of the input named in the path stand there; the others travel as a JSON object in the body, or in the query string for GET. Unknown fields are refused.',
  '- A command carries `Idempotency-Key: <lower-case UUID>`, made by the client. The same key and the same input is answered as the first time; the same key with another input is refused. There is no time window.',
  '- An answer is given when what it rests on is durable. A refusal has a status of 4xx and the body `{ "code", "sentence", "limit"? }`: the world is as it was.',
  '- Other origins are refused. `GET /healthz` needs no session: 200 when the appliance serves, else 503 with what is wrong.',
  `- Any endpoint can refuse with ${commonRefusals.map((code) => `\`${code}\``).join(', ')}.`,
  '',
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const policyOf = ({ policy }: Endpoint): string => (typeof policy === 'string' ? (policy === 'member' ? 'anybody signed in' : policy === 'guest' ? 'anybody signed in, and the guests of a meeting' : policy) : policy.join(' or '));

const sectionOf = (endpoint: Endpoint): readonly string[] => [
  `### ${endpoint.name}`,
  '',
  endpoint.says,
  '',
  `\`${endpoint.method} /api${endpoint.path}\`, ${endpoint.kind}, ${policyOf(endpoint)}${endpoint.httpOnly ? ', only over HTTP' : ''}.`,
  '',
  `Input: ${shapeOf(endpoint.input, 'input')}`,
  '',
  `Answer: ${shapeOf(endpoint.output, 'output')}`,
  '',
  ...(endpoint.refusals.length > 0 ? [`Refuses with ${endpoint.refusals.map((code) => `\`${code}\``).join(', ')}.`, ''] : []),
];

type Schema = { readonly type?: string | readonly string[]; readonly properties?: Record<string, Schema>; readonly required?: readonly string[]; readonly items?: Schema | boolean; readonly prefixItems?: readonly Schema[]; readonly enum?: readonly unknown[]; readonly const?: unknown; readonly anyOf?: readonly Schema[]; readonly oneOf?: readonly Schema[]; readonly allOf?: readonly Schema[]; readonly default?: unknown; readonly maxLength?: number; readonly minLength?: number; readonly minimum?: number; readonly maximum?: number; readonly maxItems?: number; readonly pattern?: string; readonly format?: string; readonly $ref?: string; readonly additionalProperties?: Schema | boolean };

/** The shape in one line of notation that reads like TypeScript, with limits. */
const shapeOf = (schema: z.ZodType, io: 'input' | 'output'): string => `\`${written(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema)}\``;

const written = (schema: Schema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const oneOf = schema.anyOf ?? schema.oneOf;
  if (oneOf) return oneOf.map(written).join(' or ');
  if (schema.allOf) return schema.allOf.map(written).join(' and ');
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => written({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'object':
      return writtenObject(schema);
    case 'array':
      return schema.prefixItems ? `[${schema.prefixItems.map(written).join(', ')}]` : `list of ${typeof schema.items === 'object' ? written(schema.items) : 'anything'}${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`;
    case 'string':
      return `${schema.pattern?.startsWith('^[0-9a-f]{8}-') ? 'id' : 'text'}${schema.maxLength === undefined ? '' : ` of ${schema.minLength ? `${schema.minLength} to ` : 'up to '}${schema.maxLength}`}`;
    case 'integer':
    case 'number':
      return `${schema.type === 'integer' ? 'integer' : 'number'}${schema.maximum === undefined || schema.maximum >= Number.MAX_SAFE_INTEGER ? '' : ` up to ${schema.maximum}`}`;
    default:
      return typeof schema.type === 'string' ? schema.type : 'anything';
  }
};

const writtenObject = ({ properties, required = [], additionalProperties }: Schema): string => {
  const fields = Object.entries(properties ?? {}).map(([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${written(field)}${field.default === undefined ? '' : ` (else ${JSON.stringify(field.default)})`}`);
  if (fields.length === 0) return typeof additionalProperties === 'object' ? 'anything by name' : '{}';
  return `{ ${fields.join(', ')} }`;
};

const overSocket = (): readonly string[] => [
  '## Over the socket',
  '',
  '`GET /api/socket`, WebSocket, text frames, JSON. The session cookie authorises; the Origin is checked. Every endpoint that is not *only over HTTP* can be called.',
  '',
  'Frames from the client:',
  '',
  ...clientFrame.options.map((option) => `- ${shapeOf(option, 'input')}`),
  '',
  'Frames from the appliance, by `is`:',
  '',
  ...Object.entries(serverFrames).map(([is, says]) => `- \`${is}\`: ${says}`),
  '',
  'Codes it closes with:',
  '',
  ...Object.entries(closeCodes).map(([name, code]) => `- ${code}: ${closeSays[name as keyof typeof closeCodes]}`),
  '',
];

/** A frame that is not said here does not compile. */
const serverFrames: Readonly<Record<ServerFrame['is'], string>> = {
  hello: '`{ account, position, version }`: who is signed in, and where the log is.',
  answer: '`{ n, output }`: to the call with this `n`.',
  refusal: '`{ n, code, sentence, limit? }`: to the call with this `n`.',
  subscribed: '`{ n, position, resync }`: registered; pushes after `position` will come. With `resync`, read a snapshot: `after` was too far back.',
  push: '`{ view, key, position, change }`: what one event changed. A snapshot plus its pushes equals a fresh snapshot.',
  presence: '`{ people }`: of those this client watches. Never in the log.',
  typing: '`{ conversationId, account }`. Never in the log.',
  call: '`{ conversationId, position, call, happened }`: a call in a conversation of one\'s own as of `position`, null once it is over, and the fact that made it so.',
  signal: '`{ callId, from, account, signal }`: from the device `from` of `account`, in the call that this socket is in. Never in the log.',
  'signal-refused': '`{ callId, to, why }`: a signal to `to` went nowhere: `not-in-call`, `away`, `too-many`, `too-large` or `malformed`.',
  download: '`{ download, done, events, state }`: how far a download of one\'s own is.',
  directory: '`{ position }`: the directory changed; read it with `since`. At most once in five seconds.',
  writing: '`{ stopped }`: the appliance stopped writing, and why; null when it writes again.',
  pong: 'to `ping`.',
};

const closeSays: Readonly<Record<keyof typeof closeCodes, string>> = {
  sessionEnded: 'the session ended; sign in again.',
  tooSlow: 'this client reads too slowly; resume from your position.',
  misbehaved: 'too many frames, or frames that cannot be read.',
  restarting: 'the appliance restarts; come back.',
};

const limitsSection = (): readonly string[] => [
  '## Limits',
  '',
  'What is above a limit is refused with the limit in the answer, and changes nothing. Bytes are UTF-8 bytes, lengths UTF-16 units.',
  '',
  '| limit | value |',
  '| --- | --- |',
  ...Object.entries(limits).map(([name, value]) => `| ${name} | ${value.toLocaleString('en')} |`),
  '',
];
