// The closed table of reasons: every judgement and every refusal carries one of these codes.

export const REASONS = {
  // of a move as a whole
  'moved-backward': 'pass',
  'no-gates': 'pass',
  'all-gates-passed': 'pass',
  'passed-with-waivers': 'pass',
  'gates-not-passed': 'fail',
  'on-hold': 'fail',
  'skips-columns': 'fail',
  'column-full': 'fail',
  'column-full-for-owner': 'fail',
  'draft-card': 'fail',
  'card-unreadable': 'error',
  'policy-unreadable': 'error',
  'column-unknown': 'error',
  'field-unknown': 'error',
  // manifest
  'manifest-resolved': 'pass',
  'manifest-missing': 'fail',
  'manifest-unreadable': 'fail',
  'manifest-incomplete': 'fail',
  'manifest-unresolved': 'fail',
  'change-kind-unknown': 'fail',
  // approval
  'approvals-given': 'pass',
  'approvals-missing': 'wait',
  'changes-requested': 'fail',
  'team-unknown': 'error',
  // checks
  'checks-succeeded': 'pass',
  'checks-running': 'wait',
  'checks-missing': 'wait',
  'checks-failed': 'fail',
  // evaluation
  'criteria-met': 'pass',
  'run-requested': 'wait',
  'run-in-progress': 'wait',
  'waits-for-others': 'wait',
  'criteria-missed': 'fail',
  'metric-missing': 'fail',
  'run-failed': 'error',
  'run-cancelled': 'error',
  'run-timed-out': 'error',
  'workflow-missing': 'error',
  'workflow-without-input': 'error',
  'dispatch-refused': 'error',
  'evidence-missing': 'error',
  'evidence-too-large': 'error',
  'evidence-malformed': 'error',
  'evidence-for-other-commit': 'error',
  'evidence-for-other-request': 'error',
  'evidence-from-other-run': 'error',
  'evidence-from-rerun': 'error',
  // freeze, soak, issues, files
  'no-freeze': 'pass',
  'in-freeze': 'wait',
  soaked: 'pass',
  soaking: 'wait',
  'issues-none': 'pass',
  'issues-open': 'fail',
  'files-present': 'pass',
  'files-missing': 'fail',
  // budget
  'budget-left': 'pass',
  'budget-spent': 'fail',
  'budget-unmeasured': 'error',
  'budget-spent-approved': 'pass',
  'budget-approvals-missing': 'wait',
  // of any gate
  waived: 'pass',
  // asked of GitHub, not answered yet
  unread: 'wait',
} as const

export type Reason = keyof typeof REASONS
