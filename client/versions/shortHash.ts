/** A content hash short enough to compare by eye. */

/** The first twelve digits in groups of four: enough to compare by eye. */
export const shortHash = (hash: string): string => (hash.slice(0, 12).match(/.{4}/g) ?? []).join(' ');
