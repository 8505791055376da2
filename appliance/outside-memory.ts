import { setFlagsFromString } from 'node:v8';

// What sockets and files bring lies outside the heap. V8 would mark the whole heap of the main thread for every 64 MB of it, which costs more than
// sealing does; so it is counted with the heap, and waits for the heap's own limit. Memory stays as flat: `npm run bench -- files`, 4 GB.
setFlagsFromString('--external-memory-accounted-in-global-limit');
