// Reads what a pull request does to policy files: which files it touches, and the policy at its head.
import { z } from 'zod'
import { basesSchema, policySchema, readAnswer } from './card-answer.ts'
import { BASES, POLICY, TEXT } from './card-query.ts'
import { baseFiles, policyFile } from './policy-files.ts'
import type { PolicyPull, PullFiles } from './port.ts'
import { inRepository } from './repository-route.ts'
import type { Wire } from './wire.ts'
import { orNull } from './workflows.ts'

const PAGE = 100
/** GitHub shows 3,000 files of a pull request. */
const MOST_PAGES = 30

const filesSchema = z.array(z.object({ filename: z.string(), previous_filename: z.string().optional() }))

/** Over REST, which also tells what a renamed file was called before. */
export async function readPullFiles(wire: Wire, repository: string, number: number): Promise<PullFiles | null> {
  const paths: string[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const parameters = { ...inRepository(repository), pull_number: number, per_page: PAGE, page }
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files'
    const answer = await orNull(() => wire.rest({ route, parameters, urgency: 'read' }))
    if (answer === null) return null
    const files = readAnswer(filesSchema, answer.data)
    for (const { filename, previous_filename } of files)
      paths.push(filename, ...(previous_filename === undefined ? [] : [previous_filename]))
    if (files.length < PAGE) return { paths, whole: true }
  }
  return { paths, whole: false }
}

export const POLICY_PULL = `
query PolicyPull($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    id
    defaultBranchRef { name }
    ...Policy
    pullRequest(number: $number) { state headRefOid baseRefName }
  }
  organization: repository(owner: $owner, name: ".github") { ...Policy ...Bases }
}
${POLICY} ${BASES}`

const pullSchema = z.object({
  repository: policySchema
    .extend({
      id: z.string(),
      defaultBranchRef: z.object({ name: z.string() }).nullable(),
      pullRequest: z.object({ state: z.string(), headRefOid: z.string(), baseRefName: z.string() }).nullable(),
    })
    .nullable(),
  organization: policySchema.extend(basesSchema.shape).nullable(),
})

export const POLICY_AT = `
query PolicyAt($owner: String!, $name: String!, $dotGithub: String!, $atRoot: String!, $bases: String!) {
  repository(owner: $owner, name: $name) {
    nameWithOwner
    dotGithub: object(expression: $dotGithub) { ...Text }
    atRoot: object(expression: $atRoot) { ...Text }
    bases: object(expression: $bases) { ... on Tree { entries { name object { ... on Blob { ...Text } } } } }
  }
}
${TEXT}`

const atSchema = z.object({ repository: policySchema.extend(basesSchema.shape).nullable() })

/** The head of a fork's pull request, too, is among the objects of the repository that it is for. */
export async function readPolicyPull(wire: Wire, repository: string, number: number): Promise<PolicyPull | null> {
  const { owner, repo: name } = inRepository(repository)
  const first = await wire.query({ document: POLICY_PULL, variables: { owner, name, number }, urgency: 'read' })
  const { repository: found, organization } = readAnswer(pullSchema, first.data)
  if (found === null || found.pullRequest === null) return null
  const { state, headRefOid: sha, baseRefName } = found.pullRequest
  const places = { dotGithub: `${sha}:.github/andon.yml`, atRoot: `${sha}:andon.yml`, bases: `${sha}:policies` }
  const second = await wire.query({ document: POLICY_AT, variables: { owner, name, ...places }, urgency: 'read' })
  const head = readAnswer(atSchema, second.data).repository
  const bases = baseFiles(organization)
  return {
    repository: found.nameWithOwner,
    repositoryId: found.id,
    open: state === 'OPEN',
    sha,
    toDefault: baseRefName === found.defaultBranchRef?.name,
    head: policyFile(head),
    repositoryPolicy: policyFile(found),
    organizationPolicy: policyFile(organization),
    // Only the organization's own repository can change what policies extend.
    bases: { before: bases, after: name.toLowerCase() === '.github' ? baseFiles(head) : bases },
  }
}
