// How this GitHub is set up: which habits of older hosts it has.

export type SandboxSettings = {
  /** Check each answer against GitHub's schema, and answer 500 with what is wrong. For the sandbox's own tests. */
  strictResponses: boolean
  /** As GitHub Enterprise Server up to 3.20: a dispatch that asks for the run's id is refused. */
  rejectRunDetails: boolean
}

export const defaultSettings: SandboxSettings = {
  strictResponses: false,
  rejectRunDetails: false,
}
