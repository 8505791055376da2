import type { MiddlewareHandler } from 'hono';

/** OWASP ASVS 5.0, 3.4: nothing inline, nothing from elsewhere, no framing, no sniffing, no referrer. */
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "font-src 'self'", "img-src 'self' data: blob:", "media-src 'self'", "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'",
  "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "object-src 'none'", "require-trusted-types-for 'script'", 'trusted-types lit-html hansard-pdf',
].join('; ');

export const securityHeaders = (overTls: boolean): MiddlewareHandler => async (context, next) => {
  context.header('Content-Security-Policy', policy);
  context.header('X-Content-Type-Options', 'nosniff');
  context.header('Referrer-Policy', 'no-referrer');
  context.header('Cross-Origin-Opener-Policy', 'same-origin');
  context.header('Cross-Origin-Resource-Policy', 'same-origin');
  context.header('Permissions-Policy', 'camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=()');
  if (overTls) context.header('Strict-Transport-Security', 'max-age=31536000');
  await next();
};
