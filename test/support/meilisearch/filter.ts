/** The part of Meilisearch's filter language that the product writes: AND, OR, parentheses, =, >=, <=, IN. Says nothing about the rest of it. */
export type Test = (document: Readonly<Record<string, unknown>>) => boolean;

export class BadFilter extends Error {}

/** @throws BadFilter for what cannot be read, and for an attribute that is not filterable, as the real one refuses it. */
export const readFilter = (text: string, filterable: readonly string[]): Test => {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|>=|<=|[()[\],=]|[^\s()[\],=<>"]+/gu)].map(([token]) => token);
  let at = 0;
  const take = (wanted?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted)) throw new BadFilter(`Expected ${wanted ?? 'more'}, found ${token ?? 'the end'}.`);
    return token;
  };
  const value = (): string => {
    const token = take();
    return token.startsWith('"') ? (JSON.parse(token) as string) : token;
  };
  const condition = (): Test => {
    if (tokens[at] === '(') {
      take();
      const inside = anyOf();
      take(')');
      return inside;
    }
    const attribute = take();
    if (!filterable.includes(attribute)) throw new BadFilter(`Attribute \`${attribute}\` is not filterable. Available filterable attributes are: ${filterable.join(', ')}.`);
    const operator = take();
    if (operator === 'IN') {
      const values: string[] = [];
      for (take('['); tokens[at] !== ']'; ) {
        if (tokens[at] === ',') take();
        else values.push(value());
      }
      take(']');
      const wanted = new Set(values);
      return (document) => wanted.has(String(document[attribute]));
    }
    const wanted = value();
    if (operator === '=') return (document) => document[attribute] !== undefined && String(document[attribute]) === wanted;
    if (operator === '>=') return (document) => Number(document[attribute]) >= Number(wanted);
    if (operator === '<=') return (document) => Number(document[attribute]) <= Number(wanted);
    throw new BadFilter(`What is ${operator}?`);
  };
  const allOf = (): Test => {
    const tests = [condition()];
    while (tokens[at] === 'AND') {
      take();
      tests.push(condition());
    }
    return (document) => tests.every((test) => test(document));
  };
  const anyOf = (): Test => {
    const tests = [allOf()];
    while (tokens[at] === 'OR') {
      take();
      tests.push(allOf());
    }
    return (document) => tests.some((test) => test(document));
  };
  const test = anyOf();
  if (at < tokens.length) throw new BadFilter(`Found unexpected ${tokens[at]}.`);
  return test;
};
