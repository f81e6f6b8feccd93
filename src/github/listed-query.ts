// The GraphQL documents that read a whole board: a hundred cards a request, with what a decision about each needs.
import { BASES, FIELDS, OPINIONS, PLACE, POLICY, REVIEWS, TEXT, WHO } from './card-query.ts'

/** Open pull requests of an issue that a page names; a card that has more is read by itself. */
export const LINKED_MOST = 2

// One request for each list, whatever is in it: authors of single commits would cost one a commit.
const UNDER_TEST = `
fragment UnderTest on PullRequest {
  id number url body createdAt lastEditedAt isCrossRepository authorAssociation closed merged headRefOid
  author { ...Who }
  repository { id nameWithOwner }
  commits(last: 100) {
    pageInfo { hasPreviousPage startCursor }
    nodes { commit { messageBody author { user { ...Who } } committer { user { ...Who } } } }
  }
  head: commits(last: 1) { nodes { commit { oid file(path: "andon.change.yml") { object { ...Text } } } } }
  reviews(last: 100, states: [${OPINIONS}]) { ...Reviews }
  statusCheckRollup {
    contexts(first: 100) {
      pageInfo { hasNextPage }
      nodes {
        __typename
        ... on CheckRun { databaseId name status conclusion permalink checkSuite { app { slug } } }
      }
    }
  }
}`

const content = (type: string, name: string) => `
fragment ${name} on ${type} {
  id number title body url closed createdAt lastEditedAt
  author { ...Who }
  labels(first: 100) { nodes { id name } }
  assignees(first: 20) { nodes { login } }
  repository { id nameWithOwner defaultBranchRef { name target { oid } } }
  labelled: timelineItems(last: 30, itemTypes: [LABELED_EVENT]) {
    nodes { ... on LabeledEvent { id label { id } actor { ...Who } } }
  }
}`

export const BOARD_CARDS = `
query BoardCards($owner: String!, $number: Int!, $after: String) {
  viewer { login databaseId }
  organization(login: $owner) {
    projectV2(number: $number) {
      id number
      ...Fields
      items(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id type isArchived
          ...Place
          content {
            __typename
            ... on DraftIssue { title creator { ...Who } assignees(first: 10) { nodes { login } } }
            ... on Issue {
              ...OfIssue
              linked: closedByPullRequestsReferences(first: ${LINKED_MOST}, includeClosedPrs: false) {
                totalCount
                nodes { ...UnderTest }
              }
            }
            ... on PullRequest { ...OfPull ...UnderTest }
          }
        }
      }
    }
  }
}
${content('Issue', 'OfIssue')} ${content('PullRequest', 'OfPull')} ${UNDER_TEST} ${REVIEWS} ${PLACE} ${FIELDS} ${TEXT} ${WHO}`

/** What the cards of a repository share: its policy, and the manifest on its default branch. */
export function repositoriesDocument(count: number): string {
  const places = Array.from({ length: count }, (_, n) => n)
  const declared = places.map((n) => `$o${n}: String!, $n${n}: String!`).join(', ')
  const asked = places.map((n) => `r${n}: repository(owner: $o${n}, name: $n${n}) { ...Shared }`).join('\n')
  return `
query Repositories(${declared}) {
${asked}
}
fragment Shared on Repository { ...Policy ...Bases manifest: object(expression: "HEAD:andon.change.yml") { ...Text } }
${POLICY} ${BASES}`
}
