import { describe, expect, it } from 'vitest'
import { Heartbeat } from '../../shared/contracts/records.ts'
import { type RouteState, routeState } from '../../shared/contracts/route-state.ts'

type Bind = Pick<Heartbeat, 'bindAs' | 'state'>
const bind = (bindAs: Bind['bindAs'], state: Bind['state'] = 'bound'): Bind => ({ bindAs, state })
const [trx, tx, rx] = [bind('transceiver'), bind('transmitter'), bind('receiver')]
const lost = ({ bindAs }: Bind) => bind(bindAs, 'waiting')

describe('the state of a route', () => {
  it.each<[RouteState, string, Bind[]]>([
    ['up', 'all transceivers are bound', [trx, trx]],
    ['up', 'a pair is', [tx, rx]],
    ['degraded', 'one of two transceivers is lost', [trx, lost(trx)]],
    ['degraded', 'one of two receivers is lost', [tx, tx, rx, lost(rx)]],
    ['notReceiving', 'every receiver is lost', [tx, lost(tx), lost(rx)]],
    ['notSending', 'every transmitter is lost', [lost(tx), rx]],
    ['down', 'nothing is bound', [lost(tx), lost(rx)]],
    ['down', 'a bind that drains is the last', [bind('transceiver', 'draining')]],
    ['down', 'there is no bind', []],
  ])('is %s when %s', (state, _when, binds) => {
    expect(routeState(binds)).toBe(state)
  })
})

describe('a heartbeat', () => {
  it('from before there were pairs is of a transceiver', () => {
    expect(Heartbeat.parse(old).bindAs).toBe('transceiver')
  })
})

const old = {
  boot: '01K6B00T',
  bind: 0,
  state: 'bound',
  since: 0,
  at: 0,
  window: 10,
  inFlight: 0,
  submitted: 0,
  receipts: 0,
  lastError: null,
}
