// Loaded before the app: from the moment that the file FAILING_DISK is there, nothing more reaches the disk.
import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

const handle = await open(process.execPath)
const files: FileHandle = Object.getPrototypeOf(handle)
await handle.close()
const { datasync } = files
files.datasync = async function (this: FileHandle) {
  if (existsSync(process.env.FAILING_DISK ?? '')) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' })
  await datasync.call(this)
}
