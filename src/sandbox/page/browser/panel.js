// The side panel of one card: what Andon says, checks, reviews, comments, and what one can do as the chosen person.
import { drawLabel, drawMarkdown, drawState, drawTime, make } from './element.js'

const element = document.getElementById('panel')
const COMMANDS = ['/andon status', '/andon retry', '/andon approve']

/** `hands`: actor(), act(what) that answers with a refusal or null, close(). */
export function startPanel(hands) {
  let parts = null
  return {
    /** Draws the card; where it is open already, only what has changed. */
    draw(card) {
      if (parts?.id !== card.id) parts = open(card, hands)
      const key = document.activeElement?.dataset?.key
      for (const [name, section] of Object.entries(parts.sections)) {
        const content = JSON.stringify([CONTENT[name].reads(card), name === 'acts' ? hands.actor() : null])
        if (section.dataset.content === content) continue
        section.dataset.content = content
        const unfolded = new Set([...section.querySelectorAll('details[open]')].map((each) => each.dataset.name))
        section.replaceChildren(...[CONTENT[name].draw(card, hands, parts)].flat(9).filter(Boolean))
        for (const each of section.querySelectorAll('details')) each.open ||= unfolded.has(each.dataset.name)
      }
      if (key && !element.contains(document.activeElement))
        element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus()
    },
    close() {
      parts = null
      element.hidden = true
      element.replaceChildren()
    },
    focus: () => element.querySelector('h2')?.focus(),
  }
}

function open(card, hands) {
  const refused = make('p', { class: 'refused', role: 'alert', hidden: true })
  const act = async (what) => {
    const why = await hands.act({ card: card.id, ...what })
    refused.hidden = why === null
    refused.textContent = why ?? ''
    return why
  }
  const sections = Object.fromEntries(Object.keys(CONTENT).map((name) => [name, make('section', { class: name })]))
  const form = commentForm(act)
  element.replaceChildren(
    sections.head,
    refused,
    sections.andon,
    sections.checks,
    sections.acts,
    form,
    sections.talk,
    sections.labels,
    sections.body,
  )
  element.hidden = false
  element.scrollTop = 0
  return { id: card.id, sections, act, form }
}

function commentForm(act) {
  const field = make('textarea', { id: 'words', rows: '2', placeholder: '/andon status' })
  const say = async (event) => {
    event.preventDefault()
    if (field.value.trim() !== '' && (await act({ act: 'comment', body: field.value })) === null) field.value = ''
  }
  const fill = (command) => () => {
    field.value = command
    field.focus()
  }
  const chips = COMMANDS.map((command) =>
    make('button', { type: 'button', class: 'chip', onclick: fill(command) }, command),
  )
  return make(
    'form',
    { onsubmit: say },
    make('label', { for: 'words' }, 'Comment'),
    field,
    make('p', { class: 'row' }, make('button', { type: 'submit' }, 'Comment'), chips),
  )
}

const isAndon = (comment) => comment.author === 'andon[bot]'
const heading = (text) => make('h3', {}, text)

/** Each section: what of the card it shows, and how. */
const CONTENT = {
  head: {
    reads: ({ title, kind, number, author, column, closed, head, repository }) => [
      title,
      kind,
      number,
      author,
      column,
      closed,
      head,
      repository,
    ],
    draw: (card, hands) => [
      make(
        'button',
        {
          type: 'button',
          class: 'close',
          'aria-label': 'Close the card',
          data: { key: 'close' },
          onclick: hands.close,
        },
        '✕',
      ),
      make(
        'h2',
        { tabindex: '-1' },
        card.title,
        card.number === null ? null : make('span', { class: 'quiet' }, ` #${card.number}`),
      ),
      make(
        'p',
        { class: 'quiet' },
        `${card.kind} by ${card.author} in ${card.column ?? 'no column'}${card.closed ? ', closed' : ''}`,
        card.head ? [', ', make('code', {}, card.head.branch), ' at ', make('code', {}, card.head.sha)] : null,
      ),
    ],
  },
  andon: {
    reads: ({ comments }) => comments.filter(isAndon),
    draw: ({ comments }) => {
      const said = comments.filter(isAndon)
      return said.length > 0 ? [heading('What Andon says'), said.map(drawComment)] : null
    },
  },
  checks: {
    reads: ({ checkRuns, kind }) => [checkRuns, kind],
    draw: ({ checkRuns, kind }) => [
      heading('Checks'),
      checkRuns.length === 0
        ? make(
            'p',
            { class: 'quiet' },
            kind === 'pull request' ? 'None yet: move the card forward.' : 'Only a pull request has checks.',
          )
        : null,
      checkRuns.map(drawCheck),
    ],
  },
  acts: {
    reads: ({ kind, author }) => [kind, author],
    draw: ({ kind }, hands, { act, form }) => {
      form.hidden = kind === 'draft'
      form.querySelector('[type=submit]').textContent = `Comment as ${hands.actor()}`
      if (kind !== 'pull request') return null
      const review = (state, words) =>
        make(
          'button',
          { type: 'button', data: { key: state }, onclick: () => act({ act: 'review', state }) },
          `${words} as ${hands.actor()}`,
        )
      return make('p', { class: 'row' }, review('APPROVED', 'Approve'), review('CHANGES_REQUESTED', 'Request changes'))
    },
  },
  talk: {
    reads: ({ reviews, comments }) => [reviews, comments.filter((comment) => !isAndon(comment))],
    draw: ({ reviews, comments }) => {
      const said = comments.filter((comment) => !isAndon(comment))
      return [
        reviews.length > 0 && [heading('Reviews'), make('ul', { class: 'reviews' }, reviews.map(drawReview))],
        said.length > 0 && [heading('Comments'), said.map(drawComment)],
      ]
    },
  },
  labels: {
    reads: ({ labelsOffered }) => labelsOffered,
    draw: ({ labelsOffered }, _hands, { act }) => {
      if (labelsOffered.length === 0) return null
      const toggle = ({ name, color, on, description }) =>
        make(
          'button',
          {
            type: 'button',
            class: 'toggle',
            'aria-pressed': String(on),
            title: description,
            data: { key: `label ${name}` },
            onclick: () => act({ act: 'label', name, on: !on }),
          },
          drawLabel({ name, color }),
        )
      return [heading('Labels'), make('p', { class: 'row' }, labelsOffered.map(toggle))]
    },
  },
  body: {
    reads: ({ body }) => body,
    draw: ({ body }) => [
      heading('Description'),
      body.length > 0 ? make('div', { class: 'words' }, drawMarkdown(body)) : make('p', { class: 'quiet' }, 'None.'),
    ],
  },
}

function drawCheck({ name, state, title, summary, link }) {
  return make(
    'details',
    { class: 'check', data: { name } },
    make(
      'summary',
      {},
      drawState(state),
      ' ',
      make('strong', {}, name),
      title ? make('span', { class: 'quiet' }, ` ${title}`) : null,
    ),
    make(
      'div',
      { class: 'words' },
      drawMarkdown(summary),
      link && make('p', {}, make('a', { href: link, rel: 'noopener noreferrer', target: '_blank' }, 'Details')),
    ),
  )
}

function drawReview({ author, word, at, outdated, body }) {
  return make(
    'li',
    {},
    make('strong', {}, author),
    ` ${word} `,
    drawTime(at),
    outdated ? ' (an earlier commit)' : null,
    body ? `: ${body}` : null,
  )
}

function drawComment({ author, at, edited, bot, body }) {
  return make(
    'article',
    { class: bot ? 'comment bot' : 'comment' },
    make('p', { class: 'by quiet' }, make('strong', {}, author), edited ? ' edited ' : ' ', drawTime(at)),
    make('div', { class: 'words' }, drawMarkdown(body)),
  )
}
