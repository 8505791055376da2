import { canonical } from './canonical.ts';
import type { Content, Json, JsonObject, OpenedEvent } from './event.ts';

/**
 * Whether what was recorded under a commandId says this: an event of this type whose data has these fields (`undefined`
 * for: must be absent) and whose content has these parts. A part whose key is gone is absent and is not compared.
 */
export const recordsIntent = (recorded: readonly OpenedEvent[], type: string, data: JsonObject, content: Content = {}): boolean => {
  const event = recorded.find((one) => one.type === type);
  if (!event) return false;
  return (
    Object.entries(data).every(([field, value]) => same(event.data[field], value)) &&
    Object.entries(content).every(([part, value]) => event.content[part] === undefined || same(event.content[part], value))
  );
};

const same = (one: Json | undefined, other: Json | undefined): boolean =>
  one === undefined || other === undefined ? one === other : one === other || canonical(one) === canonical(other);
