// Groups calls that come at the same time into one, so that many of them cost one commit.

/**
 * A function that collects its calls and answers them by few calls of `run`, one at a time. A batch is what came while
 * the one before it ran, or in one turn of the event loop; it takes items while their weights fit into `capacity`
 * (a single heavier one goes alone). `run` answers in the order of its items; if it throws, all calls of the batch do.
 */
export function groupCalls<Item, Answer>(
  run: (items: Item[]) => Promise<Answer[]>,
  capacity: number,
  weight: (item: Item) => number,
): (item: Item) => Promise<Answer> {
  type Call = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void }
  const waiting: Call[] = []
  let running = false

  const takeBatch = () => {
    let taken = 0
    let load = 0
    for (const { item } of waiting) {
      load += weight(item)
      if (taken > 0 && load > capacity) break
      taken += 1
    }
    return waiting.splice(0, taken)
  }

  const work = async () => {
    while (waiting.length > 0) {
      const batch = takeBatch()
      try {
        const answers = await run(batch.map(({ item }) => item))
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    running = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (running) return
      running = true
      setImmediate(work)
    })
}
