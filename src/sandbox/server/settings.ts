// How this GitHub is set up: which habits of older or slower hosts it has.

export type SandboxSettings = {
  /** Check each answer against GitHub's schema, and answer 500 with what is wrong. For the sandbox's own tests. */
  strictResponses: boolean
  /** As GitHub Enterprise Server up to 3.20: a dispatch that asks for the run's id is refused. */
  rejectRunDetails: boolean
  /** A new run comes into the lists of runs this late, as on GitHub; by its own id it is there at once. */
  runsListedAfterSeconds: number
}

export const defaultSettings: SandboxSettings = {
  strictResponses: false,
  rejectRunDetails: false,
  runsListedAfterSeconds: 0,
}
