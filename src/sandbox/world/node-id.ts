// Global node ids in the form GitHub gives them: a prefix and a base64url MessagePack array of numbers.

/** What each kind of thing's node id begins with. */
export const PREFIX = {
  User: 'U',
  Bot: 'BOT',
  Organization: 'O',
  Team: 'T',
  App: 'A',
  Installation: 'MDIzOkludGVncmF0aW9uSW5zdGFsbGF0aW9u',
  Repository: 'R',
  Label: 'LA',
  Issue: 'I',
  PullRequest: 'PR',
  PullRequestReview: 'PRR',
  PullRequestCommit: 'PURC',
  IssueComment: 'IC',
  Reaction: 'REA',
  ProjectV2: 'PVT',
  ProjectV2Field: 'PVTF',
  ProjectV2SingleSelectField: 'PVTSSF',
  ProjectV2IterationField: 'PVTIF',
  ProjectV2Item: 'PVTI',
  ProjectV2Workflow: 'PWF',
  DraftIssue: 'DI',
  FieldValue: 'PVTFV',
  CheckSuite: 'CS',
  CheckRun: 'CR',
  StatusContext: 'SC',
  Workflow: 'W',
  WorkflowRun: 'WFR',
  Artifact: 'MDg6QXJ0aWZhY3Q',
  Commit: 'C',
  Tree: 'T2',
  Blob: 'B',
  Ref: 'REF',
  Event: 'EV',
  ProjectV2ItemStatusChangedEvent: 'PVTISC',
  AddedToProjectV2Event: 'ATPVTE',
  RemovedFromProjectV2Event: 'RFPVTE',
} as const

export type Prefixed = keyof typeof PREFIX

/** The node id of the thing that these numbers (owner before owned) or names identify. */
export function nodeId(kind: Prefixed, ...parts: (number | string)[]): string {
  const bytes: number[] = [0x90 | (parts.length + 1), 0x00]
  for (const part of parts) {
    if (typeof part === 'number') bytes.push(0xce, ...uint32(part))
    else {
      const text = new TextEncoder().encode(part)
      bytes.push(0xd9, text.length & 0xff, ...text)
    }
  }
  return `${PREFIX[kind]}_${Buffer.from(bytes).toString('base64url')}`
}

function uint32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
