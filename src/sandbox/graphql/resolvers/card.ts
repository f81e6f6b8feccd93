// Cards and the values on their fields.
import { type Field, fieldNamed, type Item } from '../../world/board.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Fields, Resolvers } from '../context.ts'
import { seesContent } from '../sight.ts'
import { type ValueNode, valueNode } from './card-value.ts'

const item: Fields<Item> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  fullDatabaseId: ({ id }) => String(id),
  type: (source, _, context) => {
    if (!seesContent(context, source)) return 'REDACTED'
    return { Issue: 'ISSUE', PullRequest: 'PULL_REQUEST', DraftIssue: 'DRAFT_ISSUE' }[source.content.kind]
  },
  content: (source, _, context) => (seesContent(context, source) ? source.content : null),
  isArchived: ({ archivedAt }) => archivedAt !== null,
  project: ({ project }) => project,
  creator: ({ creator }) => creator,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  fieldValueByName: (source, args: { name: string }, context) => {
    const field = fieldNamed(source.project, args.name)
    return field && shown(source, field, seesContent(context, source))
  },
  fieldValues: (source, args: PageArguments, context) => {
    const seen = seesContent(context, source)
    return connect(
      source.project.fields.flatMap((field) => shown(source, field, seen) ?? []),
      args,
    )
  },
}

const set: Fields<ValueNode> = {
  id: ({ node }) => node,
  databaseId: ({ value }) => value?.id ?? null,
  field: ({ field }) => field,
  item: (source) => source.item,
  creator: ({ value, item: { creator } }) => value?.creator ?? creator,
  createdAt: ({ value, item: { createdAt } }) => value?.createdAt ?? createdAt,
  updatedAt: ({ value, item: { updatedAt } }) => value?.updatedAt ?? updatedAt,
}

const optionOf = ({ field, value }: ValueNode) => field.options.find(({ id }) => id === value?.value) ?? null
const iterationOf = ({ field, value }: ValueNode) => field.iterations.find(({ id }) => id === value?.value) ?? null
const threadOf = ({ item: { content } }: ValueNode) => (content.kind === 'DraftIssue' ? null : content)

export const cardFields: Resolvers = {
  ProjectV2Item: item,
  ProjectV2ItemFieldSingleSelectValue: {
    ...set,
    optionId: (source) => optionOf(source)?.id ?? null,
    name: (source) => optionOf(source)?.name ?? null,
    color: (source) => optionOf(source)?.color ?? 'GRAY',
    description: (source) => optionOf(source)?.description ?? null,
  } as Fields<ValueNode>,
  ProjectV2ItemFieldIterationValue: {
    ...set,
    iterationId: (source) => iterationOf(source)?.id ?? '',
    title: (source) => iterationOf(source)?.title ?? '',
    startDate: (source) => iterationOf(source)?.startDate ?? '',
    duration: (source) => iterationOf(source)?.duration ?? 0,
  } as Fields<ValueNode>,
  ProjectV2ItemFieldTextValue: {
    ...set,
    text: ({ value, item: { content } }) => (value ? String(value.value) : content.title),
  } as Fields<ValueNode>,
  ProjectV2ItemFieldNumberValue: { ...set, number: ({ value }) => Number(value?.value) } as Fields<ValueNode>,
  ProjectV2ItemFieldDateValue: { ...set, date: ({ value }) => String(value?.value) } as Fields<ValueNode>,
  ProjectV2ItemFieldLabelValue: {
    field: ({ field }: ValueNode) => field,
    labels: (source: ValueNode, args: PageArguments) => connect(threadOf(source)?.labels ?? [], args),
  },
  ProjectV2ItemFieldUserValue: {
    field: ({ field }: ValueNode) => field,
    users: ({ item: { content } }: ValueNode, args: PageArguments) => connect(content.assignees, args),
  },
  ProjectV2ItemFieldRepositoryValue: {
    field: ({ field }: ValueNode) => field,
    repository: (source: ValueNode) => threadOf(source)?.repository ?? null,
  },
  ProjectV2ItemFieldPullRequestValue: {
    field: ({ field }: ValueNode) => field,
    pullRequests: ({ item: { content } }: ValueNode, args: PageArguments) => {
      return connect(content.kind === 'Issue' ? [...content.closers] : [], args)
    },
  },
}

// Of a redacted card only the board's own fields are shown, not what its content says.
function shown(source: Item, field: Field, seen: boolean): ValueNode | null {
  const value = valueNode(source, field)
  return value && (seen || value.value) ? value : null
}
