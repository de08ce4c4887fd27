/** What must be put right, at the top of a form, each a link to its field. Takes focus when it appears. */
import { useEffect, useRef, type ReactNode } from 'react';

export interface FormProblem {
  /** The id of the input to go to; left out, the sentence stands alone. */
  readonly inputId?: string;
  readonly message: ReactNode;
}

export function ErrorSummary({ title = 'There is a problem', problems }: { readonly title?: string; readonly problems: readonly FormProblem[] }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length > 0) box.current?.focus();
  }, [problems]);
  return (
    <div className="nhsuk-error-summary" ref={box} tabIndex={-1} role="alert" aria-labelledby="error-summary-title">
      <h2 className="nhsuk-error-summary__title" id="error-summary-title">
        {title}
      </h2>
      <ul className="nhsuk-list nhsuk-error-summary__list">
        {problems.map((problem, index) => (
          <li key={`${problem.inputId ?? ''}-${index}`}>
            {problem.inputId === undefined ? problem.message : <a href={`#${problem.inputId}`} onClick={(event) => goTo(event, problem.inputId ?? '')}>{problem.message}</a>}
          </li>
        ))}
      </ul>
    </div>
  );
}

// Focus rather than scroll: the hash stays free for addresses of plan fields.
function goTo(event: { preventDefault(): void }, inputId: string): void {
  const input = document.getElementById(inputId);
  if (!input) return;
  event.preventDefault();
  input.focus();
  input.scrollIntoView({ block: 'center' });
}
