/** Names under which answers are kept; one place, so that a change knows what it makes stale. */
export const keys = {
  session: ['session'] as const,
  demoPeople: ['demo-people'] as const,
  organisations: ['organisations'] as const,
  caseload: (query: string, stage: string) => ['plans', 'list', query, stage] as const,
  everyCaseload: ['plans', 'list'] as const,
  /** Everything about one plan. */
  plan: (planId: string) => ['plan', planId] as const,
  planView: (planId: string) => ['plan', planId, 'view'] as const,
  content: (planId: string) => ['plan', planId, 'content'] as const,
  review: (planId: string) => ['plan', planId, 'review'] as const,
  versions: (planId: string) => ['plan', planId, 'versions'] as const,
  version: (planId: string, number: string) => ['plan', planId, 'versions', number] as const,
  comparison: (planId: string, from: string, to: string) => ['plan', planId, 'compare', from, to] as const,
  corrections: (planId: string) => ['plan', planId, 'corrections'] as const,
  history: (planId: string, section: string, field: string) => ['plan', planId, 'history', section, field] as const,
  audit: (planId: string) => ['plan', planId, 'audit'] as const,
  urgent: (nhsNumber: string) => ['urgent', nhsNumber] as const,
  privacyAlerts: ['privacy', 'alerts'] as const,
  meetings: ['meetings'] as const,
  meeting: (meetingId: string) => ['meeting', meetingId] as const,
  minutes: (meetingId: string) => ['meeting', meetingId, 'minutes'] as const,
} as const;
