import { describe, expect, it } from 'vitest';
import { busAddress } from '#appliance/bus/bus-address.ts';

describe('the address of the bus', () => {
  it('is one server or several of one kind, on the usual port unless told otherwise', () => {
    expect(busAddress('nats://bus', undefined)).toEqual({ servers: ['bus:4222'], tls: false, credentialsFile: undefined });
    expect(busAddress('tls://a.example.org:4443, tls://[::1]:4222', undefined)).toEqual({ servers: ['a.example.org:4443', '[::1]:4222'], tls: true, credentialsFile: undefined });
  });
  it('says what is wrong with it, and never the credentials', () => {
    for (const [servers, file, words] of [
      ['http://bus', undefined, 'nats://host:port'], ['bus:4222', undefined, 'nats://host:port'], ['nats://', undefined, 'nats://host:port'],
      ['nats://a,tls://b', undefined, 'mixes'], ['nats://ann:secret@bus', undefined, 'Put them into a file'], ['nats://bus', '/nowhere/at/all', 'cannot be read'],
    ] as const) {
      expect(() => busAddress(servers, file)).toThrow(words);
      expect(() => busAddress(servers, file)).not.toThrow('secret');
    }
  });
});
