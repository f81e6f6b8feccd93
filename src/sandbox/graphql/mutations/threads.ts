// Mutations of issues and pull requests: comments, reactions, labels, opening and closing.
import { requireRepository } from '../../world/access.ts'
import { comment, editComment, react } from '../../world/comments.ts'
import { assign, closeIssue, openIssue, reopenIssue } from '../../world/issues.ts'
import { addLabel, createLabel, removeLabel } from '../../world/labels.ts'
import { connect } from '../connection.ts'
import { actor, type Fields } from '../context.ts'
import { groupsOf } from '../resolvers/reactions.ts'
import { requireThread, seenNodeOf } from '../sight.ts'
import { mutation } from './mutation.ts'

export const threadMutations: Fields<never> = {
  addComment: mutation<{ subjectId: string; body: string }>((context, input) => {
    const thread = seenNodeOf(context, input.subjectId, 'Issue', 'PullRequest')
    requireThread(context, thread, 'write')
    const written = comment(context.world, actor(context), thread, input.body)
    return { subject: thread, commentEdge: connect([written], { first: 1 }).edges[0] }
  }),
  updateIssueComment: mutation<{ id: string; body: string }>((context, input) => {
    const edited = seenNodeOf(context, input.id, 'IssueComment')
    requireThread(context, edited.thread, 'write')
    return { issueComment: editComment(context.world, actor(context), edited, input.body) }
  }),
  addReaction: mutation<{ subjectId: string; content: string }>((context, input) => {
    const subject = seenNodeOf(context, input.subjectId, 'Issue', 'PullRequest', 'IssueComment')
    requireThread(context, subject.kind === 'IssueComment' ? subject.thread : subject, 'write')
    const reaction = react(context.world, actor(context), subject, input.content)
    return { reaction, subject, reactionGroups: groupsOf(subject) }
  }),
  addLabelsToLabelable: mutation<{ labelableId: string; labelIds: string[] }>((context, input) => {
    const labelable = seenNodeOf(context, input.labelableId, 'Issue', 'PullRequest')
    requireThread(context, labelable, 'write')
    const labels = input.labelIds.map((id) => seenNodeOf(context, id, 'Label'))
    for (const { name } of labels) addLabel(context.world, actor(context), labelable, name)
    return { labelable }
  }),
  // Taking off a label that is not on does nothing here, where REST answers 404.
  removeLabelsFromLabelable: mutation<{ labelableId: string; labelIds: string[] }>((context, input) => {
    const labelable = seenNodeOf(context, input.labelableId, 'Issue', 'PullRequest')
    requireThread(context, labelable, 'write')
    const labels = input.labelIds.map((id) => seenNodeOf(context, id, 'Label'))
    for (const label of labels) {
      if (labelable.labels.includes(label)) removeLabel(context.world, actor(context), labelable, label.name)
    }
    return { labelable }
  }),
  createIssue: mutation<{
    repositoryId: string
    title: string
    body?: string | null
    labelIds?: string[] | null
    assigneeIds?: string[] | null
  }>((context, input) => {
    const repository = seenNodeOf(context, input.repositoryId, 'Repository')
    requireRepository(context.viewer, repository, 'issues', 'write')
    const labels = (input.labelIds ?? []).map((id) => seenNodeOf(context, id, 'Label').name)
    const assignees = (input.assigneeIds ?? []).map((id) => seenNodeOf(context, id, 'User'))
    const wish = { title: input.title, body: input.body ?? '', labels }
    const issue = openIssue(context.world, actor(context), repository, wish)
    for (const person of assignees) assign(context.world, actor(context), issue, person)
    return { issue }
  }),
  closeIssue: mutation<{ issueId: string; stateReason?: 'COMPLETED' | 'NOT_PLANNED' | null }>((context, input) => {
    const issue = seenNodeOf(context, input.issueId, 'Issue')
    requireThread(context, issue, 'write')
    closeIssue(context.world, actor(context), issue, input.stateReason ?? 'COMPLETED')
    return { issue }
  }),
  reopenIssue: mutation<{ issueId: string }>((context, input) => {
    const issue = seenNodeOf(context, input.issueId, 'Issue')
    requireThread(context, issue, 'write')
    reopenIssue(context.world, actor(context), issue)
    return { issue }
  }),
  createLabel: mutation<{ repositoryId: string; name: string; color: string; description?: string | null }>(
    (context, input) => {
      const repository = seenNodeOf(context, input.repositoryId, 'Repository')
      requireRepository(context.viewer, repository, ['issues', 'pull_requests'], 'write')
      const more = { color: input.color, ...(input.description ? { description: input.description } : {}) }
      return { label: createLabel(context.world, actor(context), repository, input.name, more) }
    },
  ),
}
