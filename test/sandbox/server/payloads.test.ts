// Each webhook that the world sends is held against GitHub's schema of it.
import { expect, it } from 'vitest'
import { webhooks } from '../../../src/sandbox/schemas/operations.ts'
import { checkWebhook } from '../../../src/sandbox/schemas/webhook.ts'
import { closeProject } from '../../../src/sandbox/world/boards.ts'
import { moveCard } from '../../../src/sandbox/world/card-fields.ts'
import {
  addCard,
  addDraft,
  archiveCard,
  convertDraft,
  deleteCard,
  editDraft,
  repositionCard,
  restoreCard,
} from '../../../src/sandbox/world/cards.ts'
import { createCheckRun, requestAction, rerequestCheckRun } from '../../../src/sandbox/world/checks.ts'
import { comment, deleteComment, editComment } from '../../../src/sandbox/world/comments.ts'
import {
  acceptPermissions,
  createApp,
  installApp,
  suspendInstallation,
  uninstallApp,
} from '../../../src/sandbox/world/install.ts'
import { assign, closeIssue, editIssue, reopenIssue, unassign } from '../../../src/sandbox/world/issues.ts'
import { addLabel, removeLabel } from '../../../src/sandbox/world/labels.ts'
import { addMember, addTeamMember, createPerson, removeMember } from '../../../src/sandbox/world/organize.ts'
import { closePull, editPull, markReady, mergePull, openPull, reopenPull } from '../../../src/sandbox/world/pulls.ts'
import { forkRepository, pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { dismissReview, editReview, review } from '../../../src/sandbox/world/reviews.ts'
import { dispatchWorkflow, finishRun, startRun } from '../../../src/sandbox/world/runs.ts'
import type { Emission } from '../../../src/sandbox/world/world.ts'
import { startAcme } from '../rest/acme.ts'

const everything = {
  permissions: {
    actions: 'write',
    checks: 'write',
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
    members: 'read',
    organization_projects: 'write',
  } as const,
  // Those of an installation come unasked; `projects_v2` is younger than the schema's list of an app's events.
  events: Object.keys(webhooks).filter((event) => !/^(ping|installation.*)$/.test(event)),
}

it('sends nothing that GitHub could not have sent', async () => {
  const acme = await startAcme()
  const { world, olga, ada, organization, repository, issue, pull, project, item } = acme
  const emissions: Emission[] = []
  world.on(
    'webhook',
    (emission) => void emissions.push(structuredClone({ ...emission, app: emission.app.slug }) as never),
  )

  const listener = createApp(world, 'listener', { owner: organization, ...everything })
  const installation = installApp(world, olga, listener, organization)
  suspendInstallation(world, olga, installation, true)
  suspendInstallation(world, olga, installation, false)
  acceptPermissions(world, olga, installation, { statuses: 'read' })

  moveCard(world, ada, item, 'Staging')
  moveCard(world, ada, item, 'Production', { as: 'both' })
  moveCard(world, ada, item, null)
  archiveCard(world, ada, item)
  restoreCard(world, ada, item)
  const second = addCard(world, ada, project, pull)
  repositionCard(world, ada, second, item)
  const draft = addDraft(world, ada, project, { title: 'An idea' })
  editDraft(world, ada, draft, { body: 'in more words' })
  convertDraft(world, ada, draft, repository)
  deleteCard(world, ada, draft)

  editIssue(world, ada, issue, { title: 'Answer much faster', body: 'Now' })
  addLabel(world, ada, issue, 'risk: high')
  removeLabel(world, ada, issue, 'risk: high')
  assign(world, ada, issue, olga)
  unassign(world, ada, issue, olga)
  closeIssue(world, ada, issue)
  reopenIssue(world, ada, issue)
  const written = comment(world, ada, issue, 'one')
  editComment(world, ada, written, 'two')
  deleteComment(world, ada, written)

  editPull(world, ada, pull, { body: `Closes #${issue.number}` })
  addLabel(world, ada, pull, 'change: prompt')
  removeLabel(world, ada, pull, 'change: prompt')
  markReady(world, ada, pull, false)
  markReady(world, ada, pull, true)
  const approval = review(world, olga, pull, 'APPROVED', { body: 'good' })
  editReview(world, olga, approval, 'very good')
  dismissReview(world, olga, approval, 'outdated')
  pushCommit(world, ada, repository, 'faster', { files: { x: '1' } })
  closePull(world, ada, pull)
  reopenPull(world, ada, pull)
  const fork = forkRepository(world, ada, repository, 'bot-fork')
  pushCommit(world, ada, fork, 'from-fork', { files: { y: '1' } })
  openPull(world, ada, repository, { title: 'From a fork', head: 'from-fork', from: fork })

  const check = createCheckRun(world, listener, repository, pull.head.sha, {
    name: 'andon',
    conclusion: 'failure',
    actions: [{ label: 'Retry', description: 'Ask again', identifier: 'retry' }],
  })
  rerequestCheckRun(world, ada, check)
  requestAction(world, ada, check, 'retry')
  const run = dispatchWorkflow(world, olga, repository, 'andon-evaluate.yml', { ref: 'main', inputs: { andon: '{}' } })
  startRun(world, run)
  finishRun(world, run, 'success')
  mergePull(world, olga, pull)

  const bo = createPerson(world, 'bo')
  addMember(world, olga, organization, bo)
  const team = [...organization.teams.values()][0]
  if (team) addTeamMember(world, olga, team, bo)
  removeMember(world, olga, organization, bo)
  closeProject(world, olga, project, true)
  uninstallApp(world, olga, installation)
  await acme.sandbox.stop()

  const problems = emissions
    .filter((one) => one.event in webhooks)
    .flatMap(({ event, payload }) => checkWebhook(event, JSON.parse(JSON.stringify(payload))))
    .filter((problem) => !problem.includes('/app/events/'))
  expect([...new Set(problems)]).toEqual([])
  const told = new Set(emissions.map(({ event, action }) => (action ? `${event}.${action}` : event)))
  expect([...told].sort()).toMatchSnapshot()
})
