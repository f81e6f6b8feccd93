// Mutations of boards and cards.
import { requireBoard, requireRepository } from '../../world/access.ts'
import type { Field, Item, Project } from '../../world/board.ts'
import { replaceOptions } from '../../world/boards.ts'
import { setField } from '../../world/card-fields.ts'
import {
  addCard,
  addDraft,
  archiveCard,
  convertDraft,
  deleteCard,
  editDraft,
  repositionCard,
  restoreCard,
} from '../../world/cards.ts'
import { Refusal } from '../../world/refusal.ts'
import { connect, type PageArguments } from '../connection.ts'
import { actor, type Context, type Fields } from '../context.ts'
import { seenNode, seenNodeOf } from '../sight.ts'
import { mutation } from './mutation.ts'

type OnItem = { projectId: string; itemId: string }
type Value = {
  text?: string | null
  number?: number | null
  date?: string | null
  singleSelectOptionId?: string | null
  iterationId?: string | null
}
type OptionInput = { id?: string | null; name: string; color?: string; description?: string }

const VALUE_KEY: Partial<Record<Field['dataType'], keyof Value>> = {
  TEXT: 'text',
  NUMBER: 'number',
  DATE: 'date',
  SINGLE_SELECT: 'singleSelectOptionId',
  ITERATION: 'iterationId',
}

export const cardMutations: Fields<never> = {
  updateProjectV2ItemFieldValue: mutation<OnItem & { fieldId: string; value: Value }>((context, input) => {
    const item = ownItem(context, input)
    const field = ownField(context, item.project, input.fieldId)
    const key = VALUE_KEY[field.dataType]
    const given = Object.entries(input.value).filter(([, value]) => value !== null && value !== undefined)
    const value = key === undefined ? undefined : input.value[key]
    if (given.length !== 1 || value === undefined || value === null) {
      throw new Refusal(
        'invalid',
        `Did not receive a ${field.dataType.toLowerCase()} value to update a field of type ${field.dataType.toLowerCase()}`,
      )
    }
    setField(context.world, actor(context), item, field, value)
    return { projectV2Item: item }
  }),
  clearProjectV2ItemFieldValue: mutation<OnItem & { fieldId: string }>((context, input) => {
    const item = ownItem(context, input)
    setField(context.world, actor(context), item, ownField(context, item.project, input.fieldId), null)
    return { projectV2Item: item }
  }),
  archiveProjectV2Item: mutation<OnItem>((context, input) => {
    const item = ownItem(context, input)
    archiveCard(context.world, actor(context), item)
    return { item }
  }),
  unarchiveProjectV2Item: mutation<OnItem>((context, input) => {
    const item = ownItem(context, input)
    restoreCard(context.world, actor(context), item)
    return { item }
  }),
  deleteProjectV2Item: mutation<OnItem>((context, input) => {
    const item = ownItem(context, input)
    deleteCard(context.world, actor(context), item)
    return { deletedItemId: item.node }
  }),
  addProjectV2ItemById: mutation<{ projectId: string; contentId: string }>((context, input) => {
    const project = ownBoard(context, input.projectId)
    const content = seenNodeOf(context, input.contentId, 'Issue', 'PullRequest')
    return { item: addCard(context.world, actor(context), project, content) }
  }),
  addProjectV2DraftIssue: mutation<{ projectId: string; title: string; body?: string | null; assigneeIds?: string[] }>(
    (context, input) => {
      const project = ownBoard(context, input.projectId)
      const assignees = (input.assigneeIds ?? []).map((id) => seenNodeOf(context, id, 'User'))
      const wish = { title: input.title, body: input.body ?? '', assignees }
      return { projectItem: addDraft(context.world, actor(context), project, wish) }
    },
  ),
  updateProjectV2DraftIssue: mutation<{ draftIssueId: string; title?: string | null; body?: string | null }>(
    (context, input) => {
      const draft = seenNodeOf(context, input.draftIssueId, 'DraftIssue')
      requireBoard(context.viewer, draft.project, 'write')
      const item = draft.project.items.find(({ content }) => content === draft)
      if (!item)
        throw new Refusal('not-found', `Could not resolve to a node with the global id of '${input.draftIssueId}'`)
      const texts = { ...(input.title ? { title: input.title } : {}), ...(input.body ? { body: input.body } : {}) }
      editDraft(context.world, actor(context), item, texts)
      return { draftIssue: draft }
    },
  ),
  convertProjectV2DraftIssueItemToIssue: mutation<{ itemId: string; repositoryId: string }>((context, input) => {
    const item = seenNodeOf(context, input.itemId, 'ProjectV2Item')
    requireBoard(context.viewer, item.project, 'write')
    const repository = seenNodeOf(context, input.repositoryId, 'Repository')
    requireRepository(context.viewer, repository, 'issues', 'write')
    return { item: convertDraft(context.world, actor(context), item, repository) }
  }),
  updateProjectV2ItemPosition: mutation<OnItem & { afterId?: string | null }>((context, input) => {
    const item = ownItem(context, input)
    const after = input.afterId ? ownItem(context, { projectId: input.projectId, itemId: input.afterId }) : null
    repositionCard(context.world, actor(context), item, after)
    return { items: (page: PageArguments) => connect(item.project.items, page) }
  }),
  updateProjectV2Field: mutation<{ fieldId: string; singleSelectOptions?: OptionInput[] | null }>((context, input) => {
    const field = seenField(context, input.fieldId)
    requireBoard(context.viewer, field.project, 'write')
    const options = (input.singleSelectOptions ?? []).map(({ id, ...rest }) => (id ? { ...rest, id } : rest))
    replaceOptions(context.world, actor(context), field, options as Parameters<typeof replaceOptions>[3])
    return { projectV2Field: field }
  }),
}

function ownBoard(context: Context, id: string): Project {
  const project = seenNodeOf(context, id, 'ProjectV2')
  requireBoard(context.viewer, project, 'write')
  return project
}

function ownItem(context: Context, { projectId, itemId }: OnItem): Item {
  const project = ownBoard(context, projectId)
  const item = seenNodeOf(context, itemId, 'ProjectV2Item')
  if (item.project !== project)
    throw new Refusal('not-found', `Could not resolve to a node with the global id of '${itemId}'`)
  return item
}

function ownField(context: Context, project: Project, id: string): Field {
  const field = seenField(context, id)
  if (field.project !== project)
    throw new Refusal('not-found', `Could not resolve to a node with the global id of '${id}'`)
  return field
}

function seenField(context: Context, id: string): Field {
  const found = seenNode(context, id)
  if ('dataType' in found) return found
  throw new Refusal('not-found', `Could not resolve to ProjectV2Field node with the global id of '${id}'.`)
}
