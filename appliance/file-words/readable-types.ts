export const isZipped = (type: string): boolean => type === 'application/zip' || /^application\/vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(word|excel|powerpoint))\./.test(type);
export const isPlain = (type: string): boolean => type.startsWith('text/') || ['application/xml', 'application/json', 'application/octet-stream'].includes(type);

/** Whether there can be words inside that are read here. For everything else no byte needs to be touched. */
export const mayHoldWords = (type: string): boolean => type === 'application/pdf' || type === 'application/x-cfb' || isZipped(type) || isPlain(type);
