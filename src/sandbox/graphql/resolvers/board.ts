// Boards, their fields and built-in workflows.
import { atLeast, boardRole, holds } from '../../world/access.ts'
import { type BoardWorkflow, type Field, type FieldOption, fieldNamed, type Project } from '../../world/board.ts'
import { projectPage } from '../../world/payloads/card.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Context, Fields, Resolvers } from '../context.ts'
import { matchItems } from '../item-filter.ts'

type ItemArguments = PageArguments & {
  query?: string | null
  archivedStates?: ('ARCHIVED' | 'NOT_ARCHIVED')[] | null
  orderBy?: { direction: 'ASC' | 'DESC' } | null
}

const project: Fields<Project> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  fullDatabaseId: ({ id }) => String(id),
  number: ({ number }) => number,
  title: ({ title }) => title,
  shortDescription: ({ shortDescription }) => shortDescription,
  readme: ({ readme }) => readme,
  closed: ({ closed }) => closed,
  closedAt: ({ closedAt }) => closedAt,
  public: (source) => source.public,
  template: ({ template }) => template,
  url: (source, _, { world }) => projectPage(world, source),
  resourcePath: (source, _, { world }) => projectPage(world, source).slice(world.url.length),
  owner: ({ owner }) => owner,
  creator: ({ creator }) => creator,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  viewerCanUpdate: (source, _, context) => mayWrite(context, source),
  viewerCanClose: (source, _, context) => mayWrite(context, source),
  viewerCanReopen: (source, _, context) => mayWrite(context, source),
  items: (source, args: ItemArguments, context) => {
    const states = args.archivedStates ?? ['NOT_ARCHIVED']
    const shown = source.items.filter((item) => states.includes(item.archivedAt ? 'ARCHIVED' : 'NOT_ARCHIVED'))
    const found = matchItems(context, source, shown, args.query ?? '')
    return connect(args.orderBy?.direction === 'DESC' ? [...found].reverse() : found, args)
  },
  field: (source, args: { name: string }) => fieldNamed(source, args.name),
  fields: ({ fields }, args: PageArguments) => connect(fields, args),
  workflows: ({ workflows }, args: PageArguments) => {
    return connect(
      [...workflows].sort((a, b) => a.name.localeCompare(b.name)),
      args,
    )
  },
  workflow: ({ workflows }, args: { number: number }) => workflows.find(({ number }) => number === args.number) ?? null,
  repositories: ({ repositories }, args: PageArguments) => connect(repositories, args),
}

const field: Fields<Field> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  name: ({ name }) => name,
  dataType: ({ dataType }) => dataType,
  project: (source) => source.project,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
}

const option: Fields<FieldOption> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  nameHTML: ({ name }) => name.replace(/[<>&]/g, (mark) => `&#${mark.charCodeAt(0)};`),
  color: ({ color }) => color,
  description: ({ description }) => description,
}

const workflow: Fields<BoardWorkflow> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  fullDatabaseId: ({ id }) => String(id),
  number: ({ number }) => number,
  name: ({ name }) => name,
  enabled: ({ enabled }) => enabled,
  project: (source) => source.project,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
}

export const boardFields: Resolvers = {
  ProjectV2: project,
  ProjectV2Field: field,
  ProjectV2SingleSelectField: {
    ...field,
    options: ({ options }: Field, args: { names?: string[] | null }) => {
      return args.names ? options.filter(({ name }) => args.names?.includes(name)) : options
    },
  } as Fields<Field>,
  ProjectV2IterationField: {
    ...field,
    configuration: ({ iterations }: Field) => ({ iterations, completedIterations: [], duration: 14, startDay: 1 }),
  } as Fields<Field>,
  ProjectV2IterationFieldConfiguration: {
    iterations: ({ iterations }: { iterations: Field['iterations'] }) => iterations,
    completedIterations: () => [],
    duration: ({ duration }: { duration: number }) => duration,
    startDay: ({ startDay }: { startDay: number }) => startDay,
  },
  ProjectV2SingleSelectFieldOption: option,
  ProjectV2Workflow: workflow,
}

function mayWrite({ viewer }: Context, source: Project): boolean {
  if (viewer.as === 'user') return atLeast(boardRole(viewer.person, source), 'write')
  return holds(viewer, 'organization_projects', 'write')
}
