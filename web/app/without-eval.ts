import { z } from 'zod';

// zod otherwise tries `new Function` for speed, which the content security policy refuses and reports. Imported before any schema is made.
z.config({ jitless: true });
