/** The frame of one page: document title, one heading that takes focus after a change of page, the width. */
import { useEffect, useRef, type ReactNode } from 'react';
import { announce } from './announce.ts';
import { classes } from './classes.ts';

let moved = false;
/** Called by the router when the address changed: the next heading that appears takes focus. */
export const pageChanged = (): void => {
  moved = true;
};

/** Sets the document's title. Patient names stay out of titles: they end up in the browser's history. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Accord`;
  }, [title]);
}

/** The page's only h1. Takes focus when it appears after a change of page, so that a keyboard or screen reader starts at the new page. */
export function PageHeading({ title, tabTitle = title, caption, hidden }: {
  readonly title: string; readonly caption?: ReactNode; readonly hidden?: boolean;
  /** For the document's title, where the heading holds what somebody typed. */
  readonly tabTitle?: string;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(tabTitle);
  useEffect(() => {
    if (!moved) return;
    moved = false;
    heading.current?.focus({ preventScroll: true });
    announce(title);
    // `moved` makes this happen once: a title that changes later does not take focus.
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1} className={classes('accord-page-heading', hidden && 'nhsuk-u-visually-hidden')}>
      {title}
      {caption && <span className="accord-page-heading__caption">{caption}</span>}
    </h1>
  );
}

/** Keeps a page to the product's width. `wide` uses the whole screen. */
export function Page({ title, tabTitle = title, caption, wide, headingHidden, children }: {
  readonly title: string; readonly tabTitle?: string; readonly caption?: ReactNode; readonly wide?: boolean; readonly headingHidden?: boolean; readonly children: ReactNode;
}): ReactNode {
  return (
    <div className={classes('accord-page', wide && 'accord-page--wide')}>
      <PageHeading title={title} tabTitle={tabTitle} caption={caption} {...(headingHidden ? { hidden: true } : {})} />
      {children}
    </div>
  );
}
