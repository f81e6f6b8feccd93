// A workflow run's own page: its jobs, their steps and their logs, as links in Andon's comment lead to it.
import { html } from 'hono/html'
import { fullName } from '../world/repository.ts'
import type { Job, WorkflowRun } from '../world/run.ts'

export function runPage(run: WorkflowRun, board: string) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${run.displayTitle} · ${fullName(run.repository)}</title>
<link rel="stylesheet" href="/_board/board.css">
</head>
<body class="plain">
<main>
<p><a href="${board}">Back to the board</a></p>
<h1>${run.displayTitle}</h1>
<p>${run.workflow.name} in ${fullName(run.repository)}, run ${run.runNumber}, attempt ${run.attempt}: <strong>${run.conclusion ?? run.status}</strong>. Asked by ${run.actor.login}.</p>
${run.jobs.map(jobPart)}
${run.artifacts.length > 0 ? html`<h2>Artifacts</h2><ul>${run.artifacts.map(({ name, bytes, digest }) => html`<li><code>${name}</code>, ${bytes.byteLength} bytes, <code>${digest}</code></li>`)}</ul>` : null}
</main>
</body>
</html>
`
}

function jobPart(job: Job) {
  return html`<section>
<h2>${job.name}: ${job.check.conclusion ?? job.check.status}</h2>
<ol>${job.steps.map(({ name, status, conclusion }) => html`<li>${name}: ${conclusion ?? status}</li>`)}</ol>
<pre tabindex="0" aria-label="Log of ${job.name}">${job.log || 'The log is shown when the job has ended.'}</pre>
</section>`
}
