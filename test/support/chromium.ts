import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const onPath = (name: string): string | undefined =>
  (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)).find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** The browser that journeys drive: `HANSARD_TEST_CHROMIUM`, else the first one on the path. */
export const chromiumPath = (): string | undefined => process.env['HANSARD_TEST_CHROMIUM'] ?? names.map(onPath).find((file) => file !== undefined);

/** A program on the path, for tests that want `apt-get` or `strace`. */
export const programOnPath = onPath;
