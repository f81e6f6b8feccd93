// What github.com's GraphQL schema has and the published schema file, which is older, lacks.

/** Merged into the published schema by `schema.ts`; a field written here replaces one of the same name. */
export const NEWER_FIELDS = /* GraphQL */ `
  enum ProjectV2ItemArchivedState { ARCHIVED NOT_ARCHIVED }

  interface ProjectV2Event {
    actor: Actor
    createdAt: DateTime!
    id: ID!
    project: ProjectV2
    wasAutomated: Boolean!
  }

  type ProjectV2ItemStatusChangedEvent implements Node & ProjectV2Event {
    actor: Actor
    createdAt: DateTime!
    id: ID!
    previousStatus: String!
    project: ProjectV2
    status: String!
    wasAutomated: Boolean!
  }

  type AddedToProjectV2Event implements Node & ProjectV2Event {
    actor: Actor
    createdAt: DateTime!
    id: ID!
    project: ProjectV2
    wasAutomated: Boolean!
  }

  type RemovedFromProjectV2Event implements Node & ProjectV2Event {
    actor: Actor
    createdAt: DateTime!
    id: ID!
    project: ProjectV2
    wasAutomated: Boolean!
  }

  extend union IssueTimelineItems =
    ProjectV2ItemStatusChangedEvent | AddedToProjectV2Event | RemovedFromProjectV2Event
  extend union PullRequestTimelineItems =
    ProjectV2ItemStatusChangedEvent | AddedToProjectV2Event | RemovedFromProjectV2Event

  extend enum IssueTimelineItemsItemType {
    ADDED_TO_PROJECT_V2_EVENT
    PROJECT_V2_ITEM_STATUS_CHANGED_EVENT
    REMOVED_FROM_PROJECT_V2_EVENT
  }
  extend enum PullRequestTimelineItemsItemType {
    ADDED_TO_PROJECT_V2_EVENT
    PROJECT_V2_ITEM_STATUS_CHANGED_EVENT
    REMOVED_FROM_PROJECT_V2_EVENT
  }

  extend input ProjectV2SingleSelectFieldOptionInput {
    "Keeps the option what it was, so that the cards in it keep their value."
    id: String
  }

  extend type ProjectV2 {
    items(
      after: String
      archivedStates: [ProjectV2ItemArchivedState!] = [NOT_ARCHIVED]
      before: String
      first: Int
      last: Int
      orderBy: ProjectV2ItemOrder = { field: POSITION, direction: ASC }
      query: String = ""
    ): ProjectV2ItemConnection!
  }
`
