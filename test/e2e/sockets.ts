/** Standing between a page and its live connection: holding answers back, cutting the line, and listening in. */
import type { Page, WebSocketRoute } from '@playwright/test';
import { decodeFrames, splitSection } from '../../shared/crdt/frame.ts';

const live = /\/sync\//;

/** Keeps the service's "everything is saved" answers from the page between `hold` and `release`. */
export function holdSavedAnswers(): { readonly onPage: (page: Page) => Promise<void>; hold(): void; release(): void } {
  let holding = false;
  const waiting: (() => void)[] = [];
  return {
    onPage: (page) => page.routeWebSocket(live, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        if (holding && isSavedAnswer(message)) waiting.push(() => socket.send(message));
        else socket.send(message);
      });
    }),
    hold: () => { holding = true; },
    release: () => {
      holding = false;
      for (const send of waiting.splice(0)) send();
    },
  };
}

function isSavedAnswer(message: string | Buffer): boolean {
  const split = typeof message === 'string' ? undefined : splitSection(message);
  return split !== undefined && (decodeFrames(split.frame) ?? []).some(({ kind }) => kind === 'barrier-answer');
}

/** A line to the service that can be cut, so that the page is alone, and mended again. */
export function cuttableLine(): { readonly onPage: (page: Page) => Promise<void>; cut(): Promise<void>; mend(): void } {
  let whole = true;
  const open = new Set<WebSocketRoute>();
  return {
    onPage: (page) => page.routeWebSocket(live, async (socket) => {
      if (!whole) return socket.close({ code: 4399, reason: 'cut' });
      socket.connectToServer();
      open.add(socket);
    }),
    cut: async () => {
      whole = false;
      for (const socket of open) await socket.close({ code: 4399, reason: 'cut' });
      open.clear();
    },
    mend: () => { whole = true; },
  };
}
