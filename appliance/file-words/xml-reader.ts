import { SaxesParser } from 'saxes';

export type XmlListener = {
  /** `name` without its prefix. */
  readonly opened?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly closed?: (name: string) => void;
  readonly text?: (text: string) => void;
  /** Nothing more is wanted. */
  readonly isFull: () => boolean;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
const encodingOf = ([first, second]: Uint8Array): string => (first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8');

/** Reads XML as it comes. No document type is followed and no entity is expanded but the five of XML: any other is an error. Rejects where it is not well-formed. */
export const readXml = async (bytes: AsyncIterable<Uint8Array>, { opened, closed, text, isFull }: XmlListener): Promise<void> => {
  const parser = new SaxesParser({ xmlns: false });
  if (opened) parser.on('opentag', ({ name, attributes }) => opened(localName(name), attributes as Readonly<Record<string, string>>));
  if (closed) parser.on('closetag', ({ name }) => closed(localName(name)));
  if (text) for (const kind of ['text', 'cdata'] as const) parser.on(kind, text);
  let decoder: TextDecoder | undefined;
  for await (const piece of bytes) {
    decoder ??= new TextDecoder(encodingOf(piece));
    parser.write(decoder.decode(piece, { stream: true }));
    if (isFull()) return;
  }
  parser.close();
};
