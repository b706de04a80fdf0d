import { describe, expect, it } from 'vitest'
import { inboundHandler } from '../../lambdas/inbound/handler.ts'
import { RouteConfig } from '../../shared/contracts/route.ts'
import { Msisdn, type RouteId, TenantId } from '../../shared/ids.ts'
import type { Log } from '../../shared/log.ts'
import { memoryDeps } from '../support/memory-ports.ts'
import { route } from './launched.factory.ts'
import { context, sqsEventOf } from './sqs-event.ts'

const ROUTE = 'one' as RouteId
const ACME = TenantId.parse('acme')
const RIVAL = TenantId.parse('rival')
const ASHA = Msisdn.parse('919800000001')
const MESSAGE = {
  ...{ kind: 'inbound', route: ROUTE, from: ASHA, to: 'ACMEIN', text: 'STOP', dataCoding: 0 },
  arrivedAt: 1_700_000_000_000,
}

/** Acme has a header, and the number 56161 on this route; Rival a header. */
async function installation() {
  const deps = memoryDeps()
  const warnings: { message: string; fields: Record<string, unknown> | undefined }[] = []
  const log: Log = { ...deps.log, warn: (message, fields) => warnings.push({ message, fields }) }
  await deps.registry.putRoute(RouteConfig.parse(route(ROUTE, { inboundOwners: { 56161: ACME } })))
  await deps.registry.registerHeader(ACME, { name: 'ACMEIN', createdAt: 0 })
  await deps.registry.registerHeader(RIVAL, { name: 'RIVALS', createdAt: 0 })
  const handle = inboundHandler({ ...deps, log })
  const receive = (...messages: object[]) => handle(sqsEventOf('inbound', ...messages), context())
  const entryOf = (tenant: TenantId) => deps.suppressions.entry(tenant, ASHA)
  return Object.assign(deps, { warnings, receive, entryOf })
}

describe('a message received', () => {
  it('is kept once, however often it is delivered, and suppresses its sender once', async () => {
    const deps = await installation()
    await deps.receive(MESSAGE, MESSAGE)
    await deps.receive(MESSAGE)
    expect(await deps.registry.inbound(ROUTE, 10)).toEqual([MESSAGE])
    expect((await deps.registry.inboundOf(ACME, { limit: 10 })).items).toMatchObject([MESSAGE])
    expect((await deps.suppressions.entries(ACME, { limit: 10 })).items).toEqual([
      { msisdn: ASHA, state: 'suppressed', reason: 'stop', at: MESSAGE.arrivedAt, note: null },
    ])
    expect((await deps.registry.audit(ACME, { limit: 10 })).items).toMatchObject([
      {
        ...{ actor: `subscriber:${ASHA}`, action: 'number.suppressed', subject: ASHA, at: MESSAGE.arrivedAt },
        detail: { reason: 'stop' },
      },
    ])
  })

  it('that says START allows its sender again, whichever of the two is worked on first', async () => {
    const start = { ...MESSAGE, text: 'start', arrivedAt: MESSAGE.arrivedAt + 60_000 }
    for (const order of [
      [MESSAGE, start],
      [start, MESSAGE],
    ]) {
      const deps = await installation()
      for (const message of order) await deps.receive(message)
      expect(await deps.entryOf(ACME)).toMatchObject({ state: 'allowed', reason: 'start' })
      const audit = (await deps.registry.audit(ACME, { limit: 10 })).items
      expect(audit.map(({ action }) => action)).toEqual(['number.allowed', 'number.suppressed'])
    }
  })

  it('without a keyword is kept for its tenant and changes nothing', async () => {
    const deps = await installation()
    await deps.receive({ ...MESSAGE, text: 'Thank you' })
    expect((await deps.registry.inboundOf(ACME, { limit: 10 })).items).toMatchObject([{ text: 'Thank you' }])
    expect(await deps.entryOf(ACME)).toBeNull()
    expect((await deps.registry.audit(ACME, { limit: 10 })).items).toEqual([])
  })

  it.each(['ACMEIN', 'VM-ACMEIN', 'VM-ACMEIN-S', '56161', '+56161'])(
    'sent to %s is for who owns that, and for nobody else',
    async (to) => {
      const deps = await installation()
      await deps.receive({ ...MESSAGE, to })
      expect(await deps.entryOf(ACME)).toMatchObject({ state: 'suppressed' })
      expect(await deps.entryOf(RIVAL)).toBeNull()
      expect(deps.warnings).toEqual([])
    },
  )

  it.each(['56262', 'acmein', 'ACMEINX', 'XACMEIN-S', '', 'a'.repeat(300)])(
    'sent to %j, which nobody owns, is kept and logged, and suppresses for nobody',
    async (to) => {
      const deps = await installation()
      await deps.receive({ ...MESSAGE, to })
      expect(await deps.registry.inbound(ROUTE, 10)).toHaveLength(1)
      for (const tenant of [ACME, RIVAL]) {
        expect(await deps.entryOf(tenant)).toBeNull()
        expect((await deps.registry.inboundOf(tenant, { limit: 10 })).items).toEqual([])
      }
      expect(deps.warnings).toMatchObject([
        { message: expect.stringContaining('own its destination'), fields: { to, from: '91980xxxx001' } },
      ])
    },
  )

  it('from what is no mobile number of India is kept and logged', async () => {
    const deps = await installation()
    await deps.receive({ ...MESSAGE, from: '+447911123456' })
    expect((await deps.registry.inboundOf(ACME, { limit: 10 })).items).toHaveLength(1)
    expect((await deps.suppressions.entries(ACME, { limit: 10 })).items).toEqual([])
    expect(deps.warnings[0]!.message).toContain('no mobile number')
  })

  it('comes again when it could not be obeyed, and then changes what it should', async () => {
    const deps = await installation()
    const { putAudit } = deps.registry
    deps.registry.putAudit = async () => Promise.reject(new Error('throttled'))
    expect((await deps.receive(MESSAGE)).batchItemFailures).toHaveLength(1)
    deps.registry.putAudit = putAudit
    await deps.receive(MESSAGE)
    expect((await deps.registry.audit(ACME, { limit: 10 })).items).toHaveLength(1)
    expect((await deps.registry.inboundOf(ACME, { limit: 10 })).items).toHaveLength(1)
  })

  it('that is none is reported, and the others are kept', async () => {
    const deps = await installation()
    expect(await deps.receive({ kind: 'inbound' }, MESSAGE)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    })
    expect(await deps.registry.inbound(ROUTE, 10)).toHaveLength(1)
  })
})
