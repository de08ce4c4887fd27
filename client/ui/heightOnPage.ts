/** What sticks to the top of the page tells the page how high it is, so that what takes focus is never hidden behind it. */
import { useEffect, useRef, type RefObject } from 'react';

/** Keeps a custom property of the page at the height of the element with this ref, in pixels; without the element the page's own value holds. */
export function useHeightOnPage(property: '--banner-height' | '--emergency-height'): RefObject<HTMLElement | null> {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const root = document.documentElement;
    // On a short screen the section has no box of its own and only its first line stays in sight.
    const measure = (): void => root.style.setProperty(property, `${element.offsetHeight || (element.firstElementChild as HTMLElement | null)?.offsetHeight || 0}px`);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => {
      observer.disconnect();
      root.style.removeProperty(property);
    };
  }, [property]);
  return box;
}
