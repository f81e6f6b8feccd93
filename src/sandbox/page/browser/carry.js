// Carries cards: by dragging them with the mouse, and by keys while a card has the focus.

/** `board` is the element; `hands`: columns(), columnOf(id), move(id, column, after), open(id), menu(id, button), settle(). */
export function startCarrying(board, hands) {
  let lifted = null
  const mark = document.createElement('li')
  mark.className = 'mark'
  mark.setAttribute('aria-hidden', 'true')

  board.addEventListener('dragover', (event) => {
    const list = event.target.closest('.column')?.querySelector('.cards')
    if (lifted === null || !list) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'move'
    const below = cardsIn(list).find((card) => event.clientY < middle(card))
    list.insertBefore(mark, below ?? null)
  })
  board.addEventListener('drop', (event) => {
    const column = event.target.closest('.column')
    if (lifted === null || !column || !mark.isConnected) return
    event.preventDefault()
    const before = cardsBefore(mark).filter((card) => card !== lifted)
    hands.move(lifted, column.dataset.column, before.at(-1) ?? null)
  })
  board.addEventListener('keydown', (event) => {
    const card = event.target.closest('.card')
    if (!card || event.ctrlKey || event.altKey || event.metaKey) return
    if (keyed(card, event, hands)) event.preventDefault()
  })

  return {
    lifted: () => lifted !== null,
    lift(id, event) {
      lifted = id
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setData('text/plain', String(id))
      event.currentTarget.classList.add('lifted')
    },
    drop() {
      lifted = null
      mark.remove()
      for (const card of board.querySelectorAll('.lifted')) card.classList.remove('lifted')
      hands.settle()
    },
  }
}

/** True where the key meant something. */
function keyed(card, event, hands) {
  const id = Number(card.dataset.card)
  const columns = hands.columns()
  const at = columns.indexOf(hands.columnOf(id))
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
  if (event.key === 'm' || event.key === 'M') {
    hands.menu(id, card.querySelector('.more'))
    return true
  }
  if (step !== undefined && event.shiftKey) {
    const to = columns[at + step]
    if (to !== undefined) hands.move(id, to)
    return true
  }
  if (step !== undefined) return focusBeside(card, step)
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return false
  const near = event.key === 'ArrowDown' ? card.nextElementSibling : card.previousElementSibling
  near?.querySelector('.title')?.focus()
  return true
}

/** Goes to the card at about the same height in the next column that has one. */
function focusBeside(card, step) {
  const column = card.closest('.column')
  let other = column
  do other = step > 0 ? other.nextElementSibling : other.previousElementSibling
  while (other && cardsIn(other).length === 0)
  if (!other) return true
  const height = middle(card)
  const [nearest] = cardsIn(other).sort((a, b) => Math.abs(middle(a) - height) - Math.abs(middle(b) - height))
  nearest?.querySelector('.title').focus()
  return true
}

function cardsIn(element) {
  return [...element.querySelectorAll('.card:not(.lifted)')]
}

function cardsBefore(mark) {
  const list = [...mark.parentElement.children]
  return list.slice(0, list.indexOf(mark)).map((card) => Number(card.dataset.card))
}

function middle(card) {
  const { top, height } = card.getBoundingClientRect()
  return top + height / 2
}
