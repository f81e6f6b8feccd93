// Global node ids in the form GitHub gives them: a prefix and a base64url MessagePack array of numbers.

/** What each kind of thing's node id begins with. */
const PREFIX = {
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
  Tree: 'TR',
  Blob: 'B',
  Ref: 'REF',
  Event: 'EV',
  ProjectV2ItemStatusChangedEvent: 'PVTISC',
  AddedToProjectV2Event: 'ATPVTE',
  RemovedFromProjectV2Event: 'RFPVTE',
} as const

type Prefixed = keyof typeof PREFIX

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

/** What a node id was made of; null for what is none of ours. */
export function readNodeId(node: string): { prefix: string; parts: (number | string)[] } | null {
  const at = node.lastIndexOf('_')
  if (at === -1) return null
  const bytes = Buffer.from(node.slice(at + 1), 'base64url')
  const parts: (number | string)[] = []
  for (let i = 2; i < bytes.length; ) {
    const tag = bytes[i]
    if (tag === 0xce && i + 5 <= bytes.length) {
      parts.push(bytes.readUInt32BE(i + 1))
      i += 5
    } else if (tag === 0xd9) {
      const length = bytes[i + 1] ?? 0
      parts.push(bytes.subarray(i + 2, i + 2 + length).toString())
      i += 2 + length
    } else return null
  }
  return { prefix: node.slice(0, at), parts }
}

function uint32(value: number): number[] {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}
