import { html, nothing, type TemplateResult } from 'lit';
import { readMarkdown, type Block, type Inline } from '#src/contract/markdown.ts';
import type { MentionPlace } from '#src/contract/shapes.ts';

const isMine = (account: string, me: string): boolean => account === me || account === 'everyone';

const inline = (part: Inline, me: string): TemplateResult | string => {
  switch (part.kind) {
    case 'text': return part.text;
    case 'break': return html`<br>`;
    case 'code': return html`<code>${part.text}</code>`;
    case 'mention': return html`<span class=${isMine(part.account, me) ? 'mention mine' : 'mention'}><bdi>${part.text}</bdi></span>`;
    case 'strong': return html`<strong>${inlines(part.inside, me)}</strong>`;
    case 'em': return html`<em>${inlines(part.inside, me)}</em>`;
    case 's': return html`<s>${inlines(part.inside, me)}</s>`;
    case 'link': return html`<a href=${part.href} target="_blank" rel="noopener noreferrer" title=${part.href}><bdi>${inlines(part.inside, me)}</bdi></a>`;
  }
};
const inlines = (parts: readonly Inline[], me: string) => parts.map((part) => inline(part, me));

const block = (part: Block, me: string): TemplateResult => {
  switch (part.kind) {
    case 'paragraph': return html`<p dir="auto">${inlines(part.inside, me)}</p>`;
    case 'fence': return html`<pre tabindex="0"><code>${part.text}</code></pre>`;
    case 'quote': return html`<blockquote dir="auto">${blocks(part.inside, me)}</blockquote>`;
    case 'list': {
      const items = part.items.map((item) => html`<li>${blocks(item, me)}</li>`);
      return part.start === null ? html`<ul dir="auto">${items}</ul>` : html`<ol dir="auto" start=${part.start}>${items}</ol>`;
    }
  }
};
const blocks = (parts: readonly Block[], me: string) => parts.map((part) => block(part, me));

/** Lines are never changed in place, so what was made of one stays right for as long as the line lives. */
const made = new WeakMap<object, TemplateResult>();

/** The text of a message as templates; nothing in it is ever taken for markup. */
export const messageText = (said: { readonly text: string | null; readonly mentions: readonly MentionPlace[] }, me: string): TemplateResult | typeof nothing => {
  if (!said.text) return nothing;
  const before = made.get(said);
  if (before) return before;
  const template = html`${blocks(readMarkdown(said.text, said.mentions), me)}`;
  made.set(said, template);
  return template;
};
