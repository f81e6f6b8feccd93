// The least a Probot app can be, as a process: it checks the signature, and its handler does nothing.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createNodeMiddleware, Probot } from 'probot'
import { answer } from './answers.ts'

answer({
  /** Starts it; answers its address. */
  async listen(settings: { appId: number; privateKey: string; secret: string }) {
    // Its request log is left out, so that this is the fastest that Probot can be.
    const probot = new Probot({ ...settings, logLevel: 'fatal' })
    const middleware = await createNodeMiddleware((app) => app.onAny(() => {}), { probot })
    const server = createServer(middleware)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  },
})
