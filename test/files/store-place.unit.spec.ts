import { describe, expect, it } from 'vitest';
import { readConfig } from '#appliance/config.ts';
import { placeText, storePlace } from '#appliance/files/store-place.ts';

const secret = 'AKIA:s:e/c+ret';

describe('where files are kept', () => {
  it('is a folder, or a bucket with all that is needed to reach it', () => {
    expect(storePlace('/mnt/files', undefined)).toEqual({ kind: 'folder', folder: '/mnt/files' });
    expect(storePlace('s3://files/a/b?endpoint=https://s3.example.org/&region=de', secret)).toEqual({ kind: 's3', bucket: 'files', prefix: 'a/b/', endpoint: 'https://s3.example.org', region: 'de', accessKeyId: 'AKIA', secretAccessKey: 's:e/c+ret' });
    expect(storePlace('s3://files?region=eu-central-1', secret)).toMatchObject({ prefix: '', endpoint: undefined, region: 'eu-central-1' });
    expect(storePlace('s3://files?endpoint=http://127.0.0.1:9000', secret)).toMatchObject({ endpoint: 'http://127.0.0.1:9000', region: 'us-east-1' });
  });

  it('is refused with a sentence that repeats no secret', () => {
    for (const [address, credentials, says] of [
      ['s3://files?endpoint=http://s3.example.org', secret, 'allowed on this machine alone'], ['s3://files?endpoint=http://127.0.0.1.example.org', secret, 'allowed on this machine alone'],
      ['s3://files?endpoint=ftp://127.0.0.1', secret, 'endpoint in HANSARD_FILES is not understood'], ['s3://files?endpoint=https://AKIA:hidden@host', secret, 'Take them out'],
      ['s3://AKIA:hidden@files?region=x', secret, 'Take them out'], ['s3://files?region=x&secretAccessKey=hidden', secret, 'Take them out'], ['s3://files?regoin=x', secret, '"regoin"'],
      ['s3://files?region=x', undefined, 'credentials are missing'], ['s3://files', secret, 'neither region nor endpoint'], ['s3://', secret, 'not understood'], ['s3://Files_1?region=x', secret, 'not understood'],
      ['/mnt/files', secret, 'goes with a bucket'],
    ] as const) {
      const place = (): unknown => storePlace(address, credentials);
      expect(place, address).toThrow(says);
      expect(place, address).not.toThrow(/hidden|s:e\/c/);
    }
  });

  it('is shown without its secret', () => {
    expect(placeText(storePlace('s3://files/a?endpoint=https://s3.example.org', secret))).toBe('s3://files/a/ at https://s3.example.org');
  });

  it('is read from the environment, its credentials only with it', () => {
    expect(readConfig({ HANSARD_FILES: 's3://files?region=x', HANSARD_FILES_CREDENTIALS: secret }).files).toMatchObject({ bucket: 'files', secretAccessKey: 's:e/c+ret' });
    expect(() => readConfig({ HANSARD_FILES_CREDENTIALS: secret })).toThrow('goes with HANSARD_FILES');
    expect(() => readConfig({ HANSARD_FILES: 's3://files?region=x', HANSARD_FILES_CREDENTIALS: 'hidden' })).toThrow('cannot be what it is');
  });
});
