/** Number of everything in this folder and of the frames on `/sync`. A change that an older client would misread raises it, with a line below. */
export const PROTOCOL_VERSION = 1;
export const protocolHistory: Readonly<Record<number, string>> = {
  1: 'Sections as documents, saved barrier, notices, meetings, versions.',
};
