import { mkdirSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { buildApp } from 'fauxqs'
import { teachS3Manners } from './s3-manners.ts'

export type FauxqsApp = ReturnType<typeof buildApp>
type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>

/** What of fauxqs's insides is needed; its package exports none of it, so this is pinned to the exact version. */
interface Insides {
  SqsStore: new () => Stores['sqsStore']
  SnsStore: new () => Stores['snsStore']
  S3Store: new () => Stores['s3Store']
  PersistenceManager: new (directory: string) => Persistence
  INVALID_MESSAGE_BODY_CHAR: RegExp
}

/**
 * SQS takes #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF (SendMessage); fauxqs 2.4.1 takes
 * a character above #xFFFF for two halves, and refuses every message with an emoji.
 */
const FORBIDDEN_IN_BODY = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

interface Persistence {
  db: DatabaseSync
  updateMessageReady: (messageId: string) => void
  load(sqs: Stores['sqsStore'], sns: Stores['snsStore'], s3: Stores['s3Store']): void
  close(): void
}

/**
 * SQS and S3 in this process. Built from fauxqs's parts because its own `startFauxqs` listens on every interface of
 * the machine, syncs its file on every message, and cannot give a message back once it keeps a file.
 */
export async function fauxqsApp(directory: string | null): Promise<FauxqsApp> {
  const parts = await insides()
  const stores: Stores = {
    sqsStore: new parts.SqsStore(),
    snsStore: new parts.SnsStore(),
    s3Store: new parts.S3Store(),
  }
  parts.INVALID_MESSAGE_BODY_CHAR.test = (body) => FORBIDDEN_IN_BODY.test(body)
  const app = buildApp({ logger: false, stores })
  teachS3Manners(app)
  if (directory !== null) {
    const persistence = openFile(parts, directory)
    keepIn(persistence, stores)
    app.addHook('onClose', async () => persistence.close())
  }
  return app
}

function openFile({ PersistenceManager }: Insides, directory: string): Persistence {
  mkdirSync(directory, { recursive: true })
  const persistence = new PersistenceManager(directory)
  const { db } = persistence
  // Write-ahead log without a sync per message: survives kill -9 of this process, not a loss of power.
  db.exec('PRAGMA synchronous = NORMAL')
  // fauxqs 2.4.1 also clears the receive count here, which its own schema refuses.
  const giveBack = db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  )
  persistence.updateMessageReady = (messageId) => {
    giveBack.run(messageId)
  }
  return persistence
}

/** Loads first: a store that keeps already would write back, and so cascade away, what it is being given. */
function keepIn(persistence: Persistence, { sqsStore, snsStore, s3Store }: Stores): void {
  persistence.load(sqsStore, snsStore, s3Store)
  for (const keeper of [sqsStore, s3Store, ...sqsStore.allQueues()]) Object.assign(keeper, { persistence })
}

async function insides(): Promise<Insides> {
  const main = import.meta.resolve('fauxqs')
  const from = (path: string) => import(new URL(path, main).href)
  const [sqs, sqsTypes, sns, s3, persistence] = await Promise.all([
    from('./sqs/sqsStore.js'),
    from('./sqs/sqsTypes.js'),
    from('./sns/snsStore.js'),
    from('./s3/s3Store.js'),
    from('./persistence.js'),
  ])
  return { ...sqs, ...sqsTypes, ...sns, ...s3, ...persistence }
}
