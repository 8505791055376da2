import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

const flags = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--font-render-hinting=none', '--lang=en-GB'];

/** A real Chromium, with `more` of its flags. Every person gets a context of their own in it, and every context sees one appliance and nothing else of the world. */
export const aBrowser = async (more: readonly string[] = []): Promise<Browser> => {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('The journeys need a Chromium: "apt-get install chromium", or name one in HANSARD_TEST_CHROMIUM.');
  return chromium.launch({ executablePath, headless: true, args: [...flags, ...more] });
};

/** What a page did that no page of ours may do. */
export type Complaints = string[];

/** Chromium writes every refusal and every lost connection to the console by itself. */
const isOrdinary = (text: string, url: string): boolean => (/status of 4\d\d/.test(text) && new URL(url).pathname.startsWith('/api/')) || /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_|EMPTY_RESPONSE|ABORTED|SOCKET|INCOMPLETE_CHUNKED_ENCODING)/.test(text);

/** A context that reaches `origin` alone. What it tried beside that, breaches of the content security policy and errors go to the complaints. */
export const aContext = async (browser: Browser, origin: string, complaints: Complaints, options: BrowserContextOptions = {}): Promise<BrowserContext> => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', timezoneId: 'Europe/London', reducedMotion: 'reduce', acceptDownloads: true, ...options });
  context.setDefaultTimeout(20_000);
  await context.route((url) => url.origin !== origin && /^https?:$/.test(url.protocol), (route) => {
    complaints.push(`asked another origin: ${route.request().url()}`);
    return route.abort();
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => console.error(`breach of the content security policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  context.on('console', (message) => {
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !isOrdinary(message.text(), message.location().url)) complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (fault) => complaints.push(`error: ${fault.error().stack ?? fault.error().message}`));
  return context;
};
