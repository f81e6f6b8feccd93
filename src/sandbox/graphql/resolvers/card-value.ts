// The value of one field of a card, as the kind of node GraphQL makes of it.
import type { Field, FieldValue, Item } from '../../world/board.ts'
import { nodeId } from '../../world/node-id.ts'

/** `value` is null for the fields that tell what the content says: title, labels, assignees, … */
export type ValueNode = { kind: string; node: string; item: Item; field: Field; value: FieldValue | null }

const KIND: Record<Field['dataType'], string> = {
  TITLE: 'ProjectV2ItemFieldTextValue',
  TEXT: 'ProjectV2ItemFieldTextValue',
  NUMBER: 'ProjectV2ItemFieldNumberValue',
  DATE: 'ProjectV2ItemFieldDateValue',
  SINGLE_SELECT: 'ProjectV2ItemFieldSingleSelectValue',
  ITERATION: 'ProjectV2ItemFieldIterationValue',
  LABELS: 'ProjectV2ItemFieldLabelValue',
  ASSIGNEES: 'ProjectV2ItemFieldUserValue',
  REPOSITORY: 'ProjectV2ItemFieldRepositoryValue',
  LINKED_PULL_REQUESTS: 'ProjectV2ItemFieldPullRequestValue',
  MILESTONE: 'ProjectV2ItemFieldMilestoneValue',
  REVIEWERS: 'ProjectV2ItemFieldReviewerValue',
}

/** Null where the card has no value in that field. */
export function valueNode(item: Item, field: Field): ValueNode | null {
  const value = item.values.get(field.node) ?? null
  if (!value && !tells(item, field)) return null
  const node = value?.node ?? nodeId('FieldValue', item.project.owner.id, item.id, field.id)
  return { kind: KIND[field.dataType], node, item, field, value }
}

function tells({ content }: Item, field: Field): boolean {
  switch (field.dataType) {
    case 'TITLE':
      return true
    case 'ASSIGNEES':
      return content.assignees.length > 0
    case 'LABELS':
      return content.kind !== 'DraftIssue' && content.labels.length > 0
    case 'REPOSITORY':
      return content.kind !== 'DraftIssue'
    case 'LINKED_PULL_REQUESTS':
      return content.kind === 'Issue' && content.closers.size > 0
    default:
      return false
  }
}
