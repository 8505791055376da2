/** Facts in `case-<id>`: an officer's matter. `Unfiled` exists from the first start. */

export type CaseOpened = { type: 'CaseOpened'; data: { at: number; by: string; case: string }; content: { case: { title: string } } };
export type InquiryOpened = { type: 'InquiryOpened'; data: { at: number; by: string; inquiry: string }; content: { case: { reason: string } } };
/** Durable before the page or hit is given. `look` names this look; content says what was asked; `filter` is canonical JSON, `from` where the page begins. */
export type Looked = {
  type: 'Looked';
  data: { at: number; by: string; inquiry: string; kind: 'search' | 'hit' | 'file'; look: string };
  content: { case: { around?: number; conversation?: string; oldestFirst?: boolean; filter?: string; from?: number; query?: string; revision?: number } };
};
/** `digest`: SHA-256, base64url, over the canonical list of [stream, revision] given; `position`: how far the index had come. */
export type Answered = { type: 'Answered'; data: { at: number; by: string; count: number; digest: string; inquiry: string; look: string; position: number } };
/** Recorded before the first byte leaves; `count` events up to `position`. Of a search for files, `query` are the words of the name and `filter` holds those inside. */
export type ExportMade = { type: 'ExportMade'; data: { at: number; by: string; count: number; digest: string; export: string; inquiry: string; position: number; /** Only what stands behind this position. */ after?: number }; content: { case: { filter: string; query: string } } };
export type InquiryClosed = { type: 'InquiryClosed'; data: { at: number; by: string; inquiry: string } };
/** The audit log was read or exported. */
export type AuditLooked = { type: 'AuditLooked'; data: { at: number; by: string; export: boolean; filter: string } };

export type CaseEvent = CaseOpened | InquiryOpened | Looked | Answered | ExportMade | InquiryClosed | AuditLooked;
