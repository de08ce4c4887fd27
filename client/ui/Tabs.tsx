/** Tabs with the keys people expect: arrows, Home, End. */
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';

export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
  readonly panel: ReactNode;
}

export function Tabs({ label, tabs, current, onChange }: {
  readonly label: string; readonly tabs: readonly Tab[]; readonly current: string; readonly onChange: (id: string) => void;
}): ReactNode {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const here = tabs.findIndex((tab) => tab.id === current);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    onChange(tabs[index]?.id ?? current);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus();
  };
  return (
    <div className="accord-tabs">
      <div role="tablist" aria-label={label} ref={list} className="accord-tabs__list">
        {tabs.map((tab) => (
          <button key={tab.id} type="button" role="tab" id={`${base}-${tab.id}`} aria-controls={`${base}-${tab.id}-panel`} aria-selected={tab.id === current} tabIndex={tab.id === current ? 0 : -1} className="accord-tabs__tab" onKeyDown={onKeyDown} onClick={() => onChange(tab.id)}>
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div key={tab.id} role="tabpanel" id={`${base}-${tab.id}-panel`} aria-labelledby={`${base}-${tab.id}`} hidden={tab.id !== current} className="accord-tabs__panel">
          {tab.id === current && tab.panel}
        </div>
      ))}
    </div>
  );
}
