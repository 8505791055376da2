import { describe, expect, it } from 'vitest';
import { limits } from '#src/contract/limits.ts';
import { linksIn, readMarkdown } from '#src/contract/markdown.ts';
import { recordLinkPreview, type RecordLinkPreview } from '#src/links/record-link-preview.ts';
import { withdrawLinkPreview } from '#src/links/withdraw-link-preview.ts';
import { scopeOf } from '#src/sealing/scopes.ts';
import { specOf } from '../given-when-then.ts';
import { aClosing, aConversation, aLinkPreviewed, aLinkPreviewWithdrawn, aMessageEdited, aMessagePosted, aRetraction, group, hello, meterPage, other } from '../makers.ts';
import { adam, alice, bob, by, bySystem, mallory, noon } from '../people.ts';

const { url } = meterPage;
const posted = aMessagePosted({ text: `see ${url}` });
const off = { stream: 'settings', type: 'SettingPut', data: { at: noon, before: null, by: adam, name: 'linkPreviews', scope: { id: null, kind: 'global' }, value: 'false' } };

describe('recording what a link led to', () => {
  const { given } = specOf(recordLinkPreview);
  const aPreview = (input: Partial<RecordLinkPreview> = {}): RecordLinkPreview => ({ conversationId: group, messageId: hello, author: alice, text: `see ${url}`, mentions: [], preview: meterPage, ...input });
  const another = { ...meterPage, url: 'https://metering.example/hall-d' };

  it('keeps it under the message, in its author\'s name', () => given(aConversation(), posted).when(aPreview(), bySystem).then(aLinkPreviewed()));
  it('numbers those of one message', () => given(aConversation(), posted, aLinkPreviewed()).when(aPreview({ text: `${url} ${another.url}`, preview: another }), bySystem).then(aLinkPreviewed({ link: 1, preview: another })));
  it('keeps an address once', () => given(aConversation(), posted, aLinkPreviewed()).when(aPreview(), bySystem).thenRefused('nothing-to-record'));
  it('keeps it once after it was withdrawn too', () => given(aConversation(), posted, aLinkPreviewed(), aLinkPreviewWithdrawn()).when(aPreview(), bySystem).thenRefused('nothing-to-record'));
  it('keeps the same address under another message', () => given(aConversation(), posted, aLinkPreviewed(), aMessagePosted({ messageId: other, ordinal: 2 })).when(aPreview({ messageId: other }), bySystem).then(aLinkPreviewed({ messageId: other })));
  it('counts no line', () => expect(Object.keys(aLinkPreviewed().data)).not.toContain('ordinal'));
  it('refuses a link that the message does not hold', () => given(aConversation(), posted).when(aPreview({ text: 'no link' }), bySystem).thenRefused('link-not-in-message'));
  it('refuses a link that is code', () => given(aConversation(), posted).when(aPreview({ text: `\`${url}\`` }), bySystem).thenRefused('link-not-in-message'));
  it('refuses a message that is not there', () => given(aConversation()).when(aPreview(), bySystem).thenRefused('message-not-found'));
  it('refuses somebody else\'s message', () => given(aConversation(), aMessagePosted({ author: bob })).when(aPreview(), bySystem).thenRefused('not-the-author'));
  it('refuses a message that was retracted', () => given(aConversation(), posted, aRetraction()).when(aPreview(), bySystem).thenRefused('message-retracted'));
  it('refuses a closed conversation', () => given(aConversation(), posted, aClosing()).when(aPreview(), bySystem).thenRefused('conversation-closed'));
  it('refuses while the setting is off', () => given(aConversation(), posted, off).when(aPreview(), bySystem).thenRefused('link-previews-off'));
  it('is nobody\'s but the appliance\'s', () => given(aConversation(), posted).when(aPreview(), by(alice)).thenRefused('not-allowed'));
  it('takes a page that says something else by now for the same', () => expect(recordLinkPreview.isSameIntent(aPreview({ preview: { ...meterPage, title: 'Hall C, moved' } }), [{ type: 'LinkPreviewed', data: { messageId: hello }, content: { preview: meterPage } } as never])).toBe(true));
  it('is sealed as the text of the message is', () => {
    const { stream, data } = aLinkPreviewed();
    expect(scopeOf(stream, data, 'preview')).toEqual(scopeOf(posted.stream, posted.data, 'text'));
  });
});

describe('taking a preview away', () => {
  const { given } = specOf(withdrawLinkPreview);
  const away = { conversationId: group, messageId: hello, link: 0 };
  it('is the author\'s', () => given(aConversation(), posted, aLinkPreviewed()).when(away).then(aLinkPreviewWithdrawn()));
  it('is nobody else\'s', () => given(aConversation(), posted, aLinkPreviewed()).when(away, by(bob)).thenRefused('link-preview-not-found'));
  it('refuses what is not there', () => given(aConversation(), posted, aLinkPreviewed()).when({ ...away, link: 1 }).thenRefused('link-preview-not-found'));
  it('refuses the second time', () => given(aConversation(), posted, aLinkPreviewed(), aLinkPreviewWithdrawn()).when(away).thenRefused('link-preview-not-found'));
  it('refuses who is no member', () => given(aConversation(), posted, aLinkPreviewed()).when(away, by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), posted, aLinkPreviewed(), aClosing()).when(away).thenRefused('conversation-closed'));
  it('works after an edit', () => given(aConversation(), posted, aLinkPreviewed(), aMessageEdited()).when(away).then(aLinkPreviewWithdrawn()));
});

describe('the links of a message', () => {
  it.each([
    ['https://a.example/x', ['https://a.example/x']], ['see [this](http://a.example) and **https://b.example**', ['http://a.example', 'https://b.example']], ['> https://a.example\n\n- https://b.example\n- c', ['https://a.example', 'https://b.example']],
    ['www.a.com and a.com', []], ['https://a.example https://a.example', ['https://a.example']], ['`https://a.example`', []], ['```\nhttps://a.example\n```', []], ['mail a@b.com', []], ['[x](mailto:a@b.com) [y](ftp://a.example) [z](javascript:1)', []],
    ['no link. None at all', []], ['', []], ['[x](https://a.example/?a&amp;b)', ['https://a.example/?a&b']], ['[x](https://a.example/&eacute;)', []], ['[x](&#104;ttps://a.example)', ['https://a.example']], ['[x](&#X48;TTPS:a)', ['HTTPS:a']], ['[x](HTTPS:localhost)', ['HTTPS:localhost']], ['ht&amp;tp://a.example', []], ['1.5 and e.g. this', []], [`https://a.example/${'x'.repeat(limits.linkUrlMax)}`, []], ['https://1.example https://2.example https://3.example https://4.example', ['https://1.example', 'https://2.example', 'https://3.example']],
  ])('%j', (text, links) => expect(linksIn(text, [])).toEqual(links));

  it('are none where people see none: a name with a dot in it is a name', () => {
    for (const text of ['www.a.com and a.com', '1.5 and e.g. this', '//a.com/x', 'report.co and notes.md']) expect(JSON.stringify(readMarkdown(text, []))).not.toContain('"link"');
  });
});
