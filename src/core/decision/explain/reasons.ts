// What each reason code says to people, and what they can do about it. The only place for these words.
import type { Reason } from '../../facts/reason.ts'
import { code, plain } from './escape.ts'
import { time } from './numbers.ts'
import { why } from './waiver-words.ts'

/** `detail` is untrusted text; its meaning is the reason's own. */
type Words = { says: (detail: string[]) => string; next?: (detail: string[]) => string }

/** A full digest is in the record; here its first ten digits tell it from others. */
const short = (item: string): string => item.replace(/\b([0-9a-f]{10})[0-9a-f]{30,54}\b/g, '$1…')
const list = (detail: string[]): string =>
  detail
    .map((item) => plain(short(item)))
    .join('; ')
    .replaceAll('.; ', '. ')
const names = (detail: string[]): string => detail.map((item) => code(item)).join(', ')
const first = (detail: string[]): string => code(detail[0] ?? '?')
const because = (sentence: string) => (detail: string[]) =>
  detail.length > 0 ? `${sentence}: ${list(detail).replace(/(?<![.!?])$/, '.')}` : `${sentence}.`
const RETRY = 'Look at the run, mend it, then comment `/andon retry`.'

const REASON_WORDS: Record<Reason, Words> = {
  'moved-backward': { says: () => 'A move back is always granted, and recorded.' },
  'no-gates': { says: () => 'This column asks nothing of the card.' },
  'all-gates-passed': { says: () => 'Every gate passed.' },
  'passed-with-waivers': { says: () => 'Every gate passed or was waived.' },
  'passed-in-emergency': { says: () => 'Every gate passed, or was skipped in an emergency.' },
  'gates-not-passed': { says: () => 'Not every gate passed.' },
  'on-hold': {
    says: (detail) => `The card bears the label ${first(detail)}.`,
    next: (detail) => `Take the label ${first(detail)} off when the card may go on, then move it again.`,
  },
  'skips-columns': {
    says: (detail) =>
      detail[0]
        ? `Cards move one column at a time here; this one may go to ${first(detail)}.`
        : 'Cards move one column at a time here.',
    next: (detail) => (detail[0] ? `Move it to ${first(detail)} first.` : 'Move it one column at a time.'),
  },
  'column-full': {
    says: (detail) =>
      `${first(detail)} is full: its limit is ${plain(detail[1] ?? '?')}, and it holds ${names(detail.slice(2))}.`,
    next: () => 'Finish one of those cards or move it back, then move this one again.',
  },
  'column-full-for-owner': {
    says: (detail) =>
      `${code(detail[2] ?? '?')} has as many cards in ${first(detail)} as one owner may have (${plain(detail[1] ?? '?')}): ${names(detail.slice(3))}.`,
    next: () => 'Finish one of those cards, or give this one to somebody else.',
  },
  'column-full-for-risk': {
    says: (detail) =>
      `${first(detail)} holds as many cards at risk ${code(detail[2] ?? '?')} as it may (${plain(detail[1] ?? '?')}): ${names(detail.slice(3))}.`,
    next: () => 'Finish one of those cards or move it back, then move this one again.',
  },
  'draft-card': {
    says: () => 'A draft cannot enter a gated column: it has no issue to comment on, no commit and no history.',
    next: () => 'Convert the draft to an issue, then move it again.',
  },
  'mover-not-allowed': {
    says: (detail) =>
      `${first(detail)} may not move cards into ${code(detail[1] ?? '?')}; these may: ${names(detail.slice(2))}.`,
    next: () => 'Ask one of those named to move it.',
  },
  'mover-unknown': {
    says: (detail) =>
      `GitHub did not tell who moved this card, and not everybody may move cards into ${first(detail)}.`,
    next: () => 'Move it again.',
  },
  'agent-not-allowed': {
    says: (detail) =>
      `The agent ${first(detail)} may not move cards into ${code(detail[1] ?? '?')}${detail.length > 2 ? `, only into ${names(detail.slice(2))}` : ''}.`,
    next: () => 'Let a person move it.',
  },
  'review-overdue': {
    says: ([title = '?', by = '?', due = '', team = '?']) =>
      `The review of an emergency is overdue: ${code(by)} moved ${code(title)} through it, and somebody else was to review that until ${time(due)}. Until it is done, no card of the team ${code(team)} moves forward.`,
    next: ([, by = '?', , , url = '']) =>
      `Answer the review and let somebody other than ${code(by)} close its issue${isAddress(url) ? `, ${url}` : ', which Andon opens as soon as GitHub lets it'}; then move the card again.`,
  },
  'card-unreadable': {
    says: () => 'Andon cannot see what is on this card.',
    next: () => 'An administrator can install the app on the repository of this card.',
  },
  'policy-unreadable': {
    says: because('The policy `.github/andon.yml` cannot be read'),
    next: () =>
      'Mend the policy on the default branch (`andon check` shows all problems at once), then move the card again.',
  },
  'column-unknown': {
    says: (detail) => `The policy names ${names(detail)}, which the board does not have.`,
    next: () =>
      'Make the policy and the board agree: add the column to the board, or correct its name in `.github/andon.yml`.',
  },
  'field-unknown': {
    says: (detail) => `The policy tells risk by ${names(detail)}, which the board does not have.`,
    next: () =>
      'Make the policy and the board agree: add the field or its option to the board, or correct `risk` in `.github/andon.yml`.',
  },
  'manifest-resolved': { says: because('Every part of the change is bound to a digest') },
  'manifest-missing': {
    says: () => 'No manifest was found: nothing says which model, prompts or data this change is.',
    next: () =>
      'Add a fenced block with the info string `andon` to the description, or a file `andon.change.yml`, then move the card again.',
  },
  'manifest-unreadable': {
    says: because('The manifest cannot be read'),
    next: () => 'Correct the manifest, then move the card again.',
  },
  'manifest-incomplete': {
    says: because('The manifest lacks what this kind of change must name'),
    next: () => 'Add the missing parts to the manifest, then move the card again.',
  },
  'manifest-unresolved': {
    says: because('These parts have no digest and no file at the commit under test'),
    next: () => 'Correct the path, or give the part its `digest`, then move the card again.',
  },
  'change-kind-unknown': {
    says: because('The policy does not know this kind of change'),
    next: () => 'Give the card the label of a kind that the policy names, or correct `kind` in the manifest.',
  },
  'approvals-given': { says: because('Approved') },
  'approvals-missing': {
    says: because('Approvals are missing'),
    next: () => 'Ask one of those named to approve the pull request, or to comment `/andon approve`.',
  },
  'changes-requested': {
    says: because('Changes were requested'),
    next: () => 'Settle the review, then move the card again.',
  },
  'mover-untold': {
    says: because('It is not known yet who moved this card, and whoever did can neither approve nor waive for it'),
    next: () =>
      'Andon looks again by itself. Where GitHub goes on saying nothing, move the card back and forward again.',
  },
  'team-unknown': {
    says: because('GitHub knows no such team, or Andon may not see it'),
    next: () => 'Correct the team in `.github/andon.yml`, or let the app read members.',
  },
  'checks-succeeded': { says: because('The checks succeeded') },
  'checks-running': { says: because('Checks are still running') },
  'checks-missing': {
    says: because('Checks have not reported yet'),
    next: () => 'Andon looks again when they report.',
  },
  'checks-failed': { says: because('Checks failed'), next: () => 'Mend what they found, then move the card again.' },
  'criteria-met': { says: () => 'Each metric meets its criterion.' },
  'run-requested': { says: () => 'The workflow was asked to run.' },
  'run-in-progress': { says: () => 'The workflow is running.' },
  'waits-for-others': { says: () => 'Its workflow starts when the gates before it have passed.' },
  'criteria-missed': {
    says: because('A criterion is not met'),
    next: () =>
      'Improve the change and push it: a new commit is measured anew. The same change is not measured again by moving the card.',
  },
  'metric-missing': {
    says: because('The evidence lacks a metric that the policy asks for'),
    next: () => 'Let the workflow measure it, or correct its name in the policy, then comment `/andon retry`.',
  },
  'run-failed': { says: because('The workflow run failed'), next: () => RETRY },
  'run-cancelled': {
    says: () => 'The workflow run was cancelled.',
    next: () => 'Comment `/andon retry` to run it again.',
  },
  'run-timed-out': { says: () => 'The workflow run did not end in time.', next: () => RETRY },
  'workflow-missing': {
    says: because('The workflow is not on the default branch'),
    next: () =>
      'Add the workflow file to the default branch, or correct its name in the policy, then comment `/andon retry`.',
  },
  'workflow-without-input': {
    says: because('The workflow cannot be asked'),
    next: () => 'Let it run `on: workflow_dispatch` with one input named `andon`, then comment `/andon retry`.',
  },
  'dispatch-refused': {
    says: because('GitHub refused to start the workflow'),
    next: () =>
      'See that Actions are on and the app may start workflows (Actions: write, and the execution protections), then comment `/andon retry`.',
  },
  'evidence-missing': {
    says: because('The run handed in no evidence'),
    next: () =>
      'Let it upload an artifact named `andon-evidence` (the action `evaluate` does), then comment `/andon retry`.',
  },
  'evidence-too-large': {
    says: because('The evidence is too large'),
    next: () => 'Hand in numbers, not outputs, then comment `/andon retry`.',
  },
  'evidence-malformed': { says: because('The evidence cannot be read'), next: () => RETRY },
  'evidence-for-other-commit': {
    says: because('The evidence is for another commit'),
    next: () => 'Check out `fromJSON(inputs.andon).sha` in the workflow, then comment `/andon retry`.',
  },
  'evidence-for-other-request': {
    says: because('The evidence answers another request'),
    next: () => 'Hand in evidence with the request that came in the input `andon`, then comment `/andon retry`.',
  },
  'evidence-from-other-run': {
    says: because('The evidence does not come from the run that Andon started'),
    next: () => 'Comment `/andon retry` for a run of its own.',
  },
  'evidence-from-rerun': {
    says: because('The run was repeated by hand, which does not count'),
    next: () => 'Comment `/andon retry` for a run of its own.',
  },
  'no-freeze': {
    says: (detail) =>
      detail.length > 0
        ? `A freeze window is open, which does not hold for ${detail.map((item) => plain(item)).join(', ')}.`
        : 'No freeze window is open.',
  },
  'in-freeze': {
    says: because('A freeze window is open'),
    next: () => 'Wait; Andon looks again by itself.',
  },
  soaked: { says: because('The card was long enough in its column') },
  soaking: {
    says: because('The card must stay longer in its column'),
    next: () => 'Wait; Andon looks again by itself.',
  },
  'issues-none': { says: () => 'No open issue stands in the way.' },
  'issues-open': { says: because('Open issues stand in the way'), next: () => 'Close them, then move the card again.' },
  'files-present': { says: because('The files are there') },
  'files-missing': {
    says: because('Files are missing at the commit under test'),
    next: () => 'Add them, then move the card again.',
  },
  'budget-left': { says: () => 'The budget is not spent.' },
  'budget-spent': {
    says: because('The budget is spent'),
    next: () => 'Wait until what spent it is older than the window of the budget, then move the card again.',
  },
  'budget-unmeasured': {
    says: because('It cannot be told how much of the budget is spent'),
    next: () =>
      'Let a workflow hand in what is missing, or mend what it measures, then move the card again. Numbers that cannot be count until they are older than the window.',
  },
  'budget-spent-approved': { says: because('The budget is spent, and this change may pass all the same') },
  'budget-approvals-missing': {
    says: because('The budget is spent, and approvals are missing to pass all the same'),
    next: () =>
      'Ask one of those named to approve the pull request, or to comment `/andon approve`; or wait until there is budget again.',
  },
  waived: { says: waivedWords },
  'skipped-emergency': {
    says: ([by = '?', team = '?', label = '?']) =>
      `Not asked: ${code(by)} of the team ${code(team)} moved the card in an emergency (label ${code(label)}).`,
  },
  unread: { says: () => 'Andon has not read this from GitHub yet.' },
}

/** An address that GitHub gave us, which nothing in it can end. */
function isAddress(url: string): boolean {
  return /^https?:\/\/[^\s()<>"'`\\]+$/.test(url)
}

/** What a reason says; its bare code where the record is of a newer version than this one. */
export function reasonWords(reason: Reason, detail: string[] = []): string {
  return Object.hasOwn(REASON_WORDS, reason) ? REASON_WORDS[reason].says(detail) : `${code(reason)}.`
}

/** What can be done about it; undefined where there is nothing, or nothing that this version knows. */
export function remedyWords(reason: Reason, detail: string[] = []): string | undefined {
  return Object.hasOwn(REASON_WORDS, reason) ? REASON_WORDS[reason].next?.(detail) : undefined
}

/** Who waived it, until when and why; and what the gate itself had said. */
function waivedWords([by = '?', until = '', text = '', compensate = '', reason = '', ...detail]: string[]): string {
  return `Waived by ${code(by)} until ${time(until)}: ${why(text, compensate || null)} The gate itself: ${reasonWords(reason as Reason, detail)}`
}
