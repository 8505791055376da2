import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPictures, type Pictures } from '#appliance/pictures/pictures.ts';
import { aPicture } from '#test/support/file-samples.ts';
import { aCommentBomb, aLargePlain, aPixelBomb } from '#test/support/picture-bombs.ts';
import { eventually } from '#test/support/waiting.ts';

const box = { width: 320, height: 240 };
const maxBytes = 32 * 1024 * 1024;
let pictures: Pictures;
const make = (bytes: Uint8Array | AsyncIterable<Uint8Array>, most = maxBytes) => pictures.makePicture({ bytes, box, maxBytes: most });
const madeOf = async (bytes: Buffer) => {
  const made = await make(bytes);
  if ('refused' in made) throw new Error(`It was refused as ${made.refused}.`);
  return made;
};
/** Processes that this one has started for pictures, by what Linux knows of them. */
const pictureProcesses = (): readonly number[] => readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number).filter(isForPictures);
const isForPictures = (id: number): boolean => {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('picture-process');
  } catch {
    return false; // It ended meanwhile.
  }
};

beforeAll(() => void (pictures = openPictures()));
afterAll(() => pictures.close());

describe('a picture that is made small', () => {
  it('is given up where its stream fails, and the next one is made', async () => {
    const fails = async function* (): AsyncGenerator<Uint8Array> {
      yield aPicture(50, 50).subarray(0, 60);
      throw new Error('The line broke.');
    };
    await expect(make(fails())).rejects.toThrow('The line broke.');
    expect(await make(aPicture(50, 50))).toMatchObject({ width: 50 });
  });

  it('is not begun any more once they are closed, and no process is left', async () => {
    const others = new Set(pictureProcesses());
    const closing = openPictures();
    const own = (): number => pictureProcesses().filter((id) => !others.has(id)).length;
    const asked = { bytes: aPicture(400, 300), box, maxBytes };
    const answers = Array.from({ length: 8 }, () => closing.makePicture(asked));
    await eventually('some are being made', () => Promise.resolve(own() > 0 || undefined));
    closing.close();
    expect((await Promise.all(answers)).slice(2)).toEqual(Array(6).fill({ refused: 'busy' }));
    expect(await closing.makePicture(asked)).toEqual({ refused: 'busy' });
    await eventually('no process is left', () => Promise.resolve(own() === 0 || undefined));
  });

  it('fits its box, and a small one keeps its size', async () => {
    expect(await madeOf(aPicture(1_600, 400))).toMatchObject({ width: 320, height: 80 });
    expect(await madeOf(aPicture(40, 30))).toMatchObject({ width: 40, height: 30 });
    const { format, width, height } = await sharp((await madeOf(aPicture(300, 600))).bytes).metadata();
    expect({ format, width, height }).toEqual({ format: 'webp', width: 120, height: 240 });
  });

  it('is made from every type that a browser shows, of an animation from the first frame', async () => {
    const red = sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } });
    for (const type of ['jpeg', 'png', 'webp', 'gif', 'avif'] as const) expect(await madeOf(await red.clone().toFormat(type).toBuffer()), type).toMatchObject({ width: 64, height: 48 });
    const animated = await sharp([await red.clone().png().toBuffer(), await sharp({ create: { width: 64, height: 48, channels: 3, background: 'blue' } }).png().toBuffer()], { join: { animated: true } }).gif().toBuffer();
    expect((await sharp(animated).metadata()).pages).toBe(2);
    const small = await madeOf(animated);
    expect((await sharp(small.bytes).metadata()).pages ?? 1).toBe(1);
    const [r = 0, , b = 255] = await sharp(small.bytes).raw().toBuffer();
    expect(r > 200 && b < 50).toBe(true);
  });

  it('stands upright, and says neither where nor with what it was taken', async () => {
    const taken = await sharp({ create: { width: 60, height: 20, channels: 3, background: 'red' } })
      .withExif({ IFD0: { Make: 'Camera of mine', Copyright: 'secret' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '57/1 2/1 0/1' } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(taken.includes('Camera of mine')).toBe(true);
    const small = await madeOf(taken);
    expect(small).toMatchObject({ width: 20, height: 60 });
    const { exif, icc, xmp, orientation } = await sharp(small.bytes).metadata();
    expect({ exif, icc, xmp, orientation }).toEqual({ exif: undefined, icc: undefined, xmp: undefined, orientation: undefined });
  });

  it('may come in parts', async () => {
    const bytes = aPicture(400, 300);
    const parts = async function* () {
      for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
    };
    expect(await make(parts())).toMatchObject({ width: 320, height: 240 });
    expect(await make(parts(), 1_500)).toEqual({ refused: 'too-large' });
    expect(await make(bytes)).toMatchObject({ width: 320 });
  });

  it('is one of many that wait their turn', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, (_, n) => make(aPicture(100 + n, 50))));
    expect(made.map((one) => ('refused' in one ? one.refused : one.width))).toEqual(Array.from({ length: 20 }, (_, n) => 100 + n));
    expect(pictureProcesses().length).toBeLessThanOrEqual(2);
  });
});

describe('what is no picture, or one that does harm', () => {
  it('is refused by what it is, whatever it is called', async () => {
    const svg = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>';
    const tiff = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).tiff().toBuffer();
    for (const bytes of [Buffer.from(svg), Buffer.from('<!doctype html><script>1</script>'), Buffer.from('%PDF-1.7\n'), tiff, Buffer.alloc(0), Buffer.from('GIF'), Buffer.alloc(5_000, 7)]) expect(await make(bytes)).toEqual({ refused: 'not-a-picture' });
  });

  it('is refused where it is cut off or damaged', async () => {
    const whole = aPicture(800, 600);
    expect(await make(whole.subarray(0, whole.length / 2))).toEqual({ refused: 'broken' });
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, Math.floor(whole.length / 3), Math.floor(whole.length / 2));
    expect(await make(damaged)).toEqual({ refused: 'broken' });
    const jpeg = await sharp(whole).jpeg().toBuffer();
    expect(await make(jpeg.subarray(0, jpeg.length / 2))).toEqual({ refused: 'broken' });
    expect(await make(Buffer.from('GIF89a'))).toEqual({ refused: 'broken' });
  });

  it('is refused by the size it says it has, before it is unpacked', async () => {
    const bomb = aPixelBomb();
    expect(bomb.length).toBeLessThan(200);
    expect(await make(bomb)).toEqual({ refused: 'too-large' });
    expect(await make(aLargePlain(10_000, 5_001))).toEqual({ refused: 'too-large' });
  });

  it('is made small where it is as large as may be, and comments that unpack to gigabytes are not unpacked', async () => {
    const large = aLargePlain(7_000, 7_000);
    expect(large.length).toBeLessThan(200_000);
    expect(await make(large)).toMatchObject({ width: 240, height: 240 });
    expect(['broken', 1]).toContain(await make(aCommentBomb(300_000_000)).then((made) => ('refused' in made ? made.refused : made.width)));
  });

  it('is given up when its time is over, and the next picture has a new process', async () => {
    const hasty = openPictures(3_000);
    const stalls = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    try {
      const others = pictureProcesses();
      const given = hasty.makePicture({ bytes: stalls, box, maxBytes });
      const [id] = pictureProcesses().filter((one) => !others.includes(one));
      expect(await given).toEqual({ refused: 'timeout' });
      await eventually('its process is gone', () => !pictureProcesses().includes(id!) || undefined);
      expect(await hasty.makePicture({ bytes: aPicture(10, 10), box, maxBytes })).toMatchObject({ width: 10 });
    } finally {
      hasty.close();
    }
  });

  it('that crashes what reads it takes nothing with it, and what ended before is nobody\'s fault', async () => {
    for (const id of pictureProcesses()) process.kill(id, 'SIGSEGV');
    expect(await make(aPicture(10, 10))).toMatchObject({ width: 10 });
    const whole = aPicture(600, 600);
    const killed = async function* () {
      yield whole.subarray(0, 500);
      for (const id of pictureProcesses()) process.kill(id, 'SIGKILL');
      yield whole.subarray(500);
    };
    expect(await make(killed())).toEqual({ refused: 'broken' });
    expect(await make(whole)).toMatchObject({ width: 240 });
  });
});
