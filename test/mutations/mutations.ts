/**
 * For every promise of the platform: what keeps it, the test that fails when it is broken, and the change of the source
 * that breaks it. `run.ts` applies each change to a copy of the repository and sees the test fail; `docs/reliability.md`
 * shows the result.
 */

export interface Mutation {
  promise: string
  mechanism: string
  test: { file: string; name: string }
  /** Replaces the one place where `find` stands. */
  change: { file: string; find: string; replace: string; inWords: string }
}

const RECEIVER = 'bind-worker/receipts/receiver.ts'
const SENDER = 'bind-worker/send/sender.ts'
const COPIES = 'bind-worker/send/second-copies.ts'
const GATE = 'bind-worker/send/gate.ts'
const WORKER = 'bind-worker/worker.ts'

export const MUTATIONS: readonly Mutation[] = [
  {
    promise: '1. A deliver_sm is acknowledged only after it is durable',
    mechanism: 'the receiver answers when the group commit of facts says it is durable',
    test: {
      file: 'test/worker/receiver.test.ts',
      name: 'is written under the page of its message, and acknowledged only then',
    },
    change: {
      file: RECEIVER,
      find: 'this.#writer.whenDurable(() => this.#answer(waiting, STATUS.ESME_ROK!))',
      replace: 'this.#answer(waiting, STATUS.ESME_ROK!)',
      inWords: 'acknowledge at once',
    },
  },
  {
    promise: '1. A ledger slower than 5 s: ESME_RX_T_APPN, never pile up',
    mechanism: 'a receipt that waits longer is answered 0x64, and the SMSC sends it again',
    test: {
      file: 'test/worker/receiver.test.ts',
      name: 'is turned away when it is not durable in time, and not answered twice',
    },
    change: {
      file: RECEIVER,
      find: 'if (waiting.sinceMs > before) break',
      replace: 'if (waiting.sinceMs > 0) break',
      inWords: 'never turn one away',
    },
  },
  {
    promise: '1. A fact is never lost between memory and ledger',
    mechanism: 'the group commit freezes rows only after every row of the turn is in',
    test: {
      file: 'test/worker/ledger-writer-delayed.test.ts',
      name: 'a process that stands still while it takes the first fact of a commit writes it all the same',
    },
    change: {
      file: 'bind-worker/ledger-writer.ts',
      find: '    await null\n',
      replace: '',
      inWords: 'freeze in the turn that opened the commit',
    },
  },
  {
    promise: '2. A batch leaves the queue only with the outcomes of all its segments durable',
    mechanism: 'finisher: facts durable → claim finished → copies deleted',
    test: {
      file: 'test/worker/promises.test.ts',
      name: 'a batch leaves the queue only after the outcomes of all its segments are durable',
    },
    change: {
      file: 'bind-worker/intake/finisher.ts',
      find: '    await this.#writer.flushed()\n',
      replace: '',
      inWords: 'finish without waiting for the facts',
    },
  },
  {
    promise: '2. … or it is parked, and comes back',
    mechanism: 'feeder: the line goes out again, then the claim from parked to queued',
    test: {
      file: 'test/lambdas/feeder.test.ts',
      name: 'are sent again once their time has come, then queued, and the page is folded anew',
    },
    change: {
      file: 'lambdas/feeder/parked.ts',
      find: "which === 'all' || parked.notBefore <= now",
      replace: "which === 'all' || parked.notBefore > now",
      inWords: 'feed the batches whose time has not come',
    },
  },
  {
    promise: '2. … also when its campaign is cancelled meanwhile',
    mechanism: 'feeder and scheduler hand parked batches of an ended campaign to the workers, who end them',
    test: {
      file: 'test/lambdas/cancelled-parked.test.ts',
      name: 'has them fed once more, so that a worker claims them and ends them as cancelled',
    },
    change: {
      file: 'lambdas/feeder/service.ts',
      find: "  if (state === 'cancelled') await feedParked(deps, campaign, 'all', null)\n",
      replace: '',
      inWords: 'leave them parked',
    },
  },
  {
    promise: '3. Nothing is sent twice under policy hold: after a crash',
    mechanism: 'takeover: a reserved bit without a fact means it may have been sent',
    test: {
      file: 'test/worker/recover.test.ts',
      name: 'ends as unconfirmed what was reserved and has neither: it may have been sent',
    },
    change: {
      file: 'bind-worker/intake/recover.ts',
      find: "if (parts === undefined && (!reserved || policy === 'resend'))",
      replace: 'if (parts === undefined)',
      inWords: 'send again what has no fact',
    },
  },
  {
    promise: '3. … by whom the process was frozen',
    mechanism: 'past the fence of its lease, by the monotonic clock, nothing of a batch is written',
    test: { file: 'test/worker/sender.test.ts', name: 'writes nothing past the fence of the lease' },
    change: {
      file: GATE,
      find: 'if (nowMs < batch.fenceAtMs) return true',
      replace: 'if (nowMs < Number.POSITIVE_INFINITY) return true',
      inWords: 'ignore the fence',
    },
  },
  {
    promise: '3. … and every message is reserved before it leaves',
    mechanism: 'one conditional update (boot, gen) sets the bits of the messages about to go',
    test: {
      file: 'test/worker/sender.test.ts',
      name: 'reserves before it sends what is not reserved yet',
    },
    change: {
      file: GATE,
      find: 'if (batch.isReserved(message.i)) return true',
      replace: 'return true',
      inWords: 'send without reserving',
    },
  },
  {
    promise: '3. … nor while its owner lives',
    mechanism: 'a lease is taken over only when its grace is over too',
    test: {
      file: 'test/contracts/ledger-claims.test.ts',
      name: 'tells another owner that the lease is live, up to the end of its grace',
    },
    change: {
      file: 'aws/claim-rules.ts',
      find: 'claim.leaseUntil + bid.takeoverGraceMs >= bid.now',
      replace: 'claim.leaseUntil >= bid.now',
      inWords: 'take over without grace',
    },
  },
  {
    promise: '3. … under policy resend what may have been sent goes again, counted and shown',
    mechanism: 'each second copy leaves a fact of its own; the fold counts the segments that have one',
    test: {
      file: 'test/worker/worker-resend.test.ts',
      name: 'a worker killed in the middle of a batch leaves nothing unsent, and every second copy is counted',
    },
    change: {
      file: COPIES,
      find: '    this.#o.onCopy(segment)\n',
      replace: '',
      inWords: 'send the copy without a word',
    },
  },
  {
    promise: '3. … and the count is durable before the copy goes',
    mechanism: 'a copy waits until the commit is written that holds the fact of it',
    test: {
      file: 'test/worker/sender-resend.test.ts',
      name: 'goes only when the fact is durable that says so',
    },
    change: {
      file: COPIES,
      find: '      areAll = false\n',
      replace: '',
      inWords: 'let it go while the fact is being written',
    },
  },
  {
    promise: '4. Sent without a response is unconfirmed, never silently resent',
    mechanism: 'the sender ends what a lost bind had not answered as unconfirmed',
    test: {
      file: 'test/worker/sender.test.ts',
      name: 'leaves what it had written unconfirmed, and never sends it again',
    },
    change: {
      file: SENDER,
      find: "batch.dispatch.launch.policy === 'resend' && ",
      replace: '',
      inWords: 'send it again',
    },
  },
  {
    promise: '4. … a late response still resolves it',
    mechanism: 'facts outrank each other: accepted is added beside unconfirmed',
    test: {
      file: 'test/worker/sender.test.ts',
      name: 'adds what a late response says to what was recorded',
    },
    change: {
      file: SENDER,
      find: '    this.#recorder.accepted(segment, messageId)\n    const { task, index } = segment\n',
      replace: '    const { task, index } = segment\n',
      inWords: 'ignore late responses',
    },
  },
  {
    promise: '4. … and a receipt nobody can place is listed by number',
    mechanism: 'it is kept under route and id, and under the number',
    test: {
      file: 'test/worker/receiver.test.ts',
      name: 'nobody knows is kept under route and id, found by number, and acknowledged',
    },
    change: {
      file: RECEIVER,
      find: 'this.#writer.unplaced(this.#unplaced(arrival))',
      replace: 'this.#unplaced(arrival)',
      inWords: 'drop it',
    },
  },
  {
    promise: '4. … and a receipt is never given to another message',
    mechanism: 'how the route writes ids is learned; then only that form of an id names a message',
    test: {
      file: 'test/worker/receipt-ids.test.ts',
      name: 'are never placed on a wrong message once it is, masked, repeated or not remembered any more',
    },
    change: {
      file: 'shared/smpp/id-form.ts',
      find: 'return hits.some((hit) => hit.form === known) ? known : null',
      replace: 'if (hits.some((hit) => hit.form === known)) return known',
      inWords: 'try the other forms after it',
    },
  },
  {
    promise: '5. SIGTERM: give back what is unsent, drain, write, unbind, exit',
    mechanism: 'drain withdraws held batches: their claims are released, their copies visible again',
    test: {
      file: 'test/worker/worker.test.ts',
      name: 'SIGTERM: returns unsent batches to the queue, leaves no outcome unwritten, sends nothing twice later',
    },
    change: {
      file: WORKER,
      find: '    const stopped = this.#pullers.map((puller) => puller.stop())\n    this.#releaseHeld()\n',
      replace: '    const stopped = this.#pullers.map((puller) => puller.stop())\n',
      inWords: 'keep what is held',
    },
  },
  {
    promise: '6. The parts of a message go over one bind, in order',
    mechanism: 'a message that begins belongs to the line of its bind, its parts before anything else',
    test: {
      file: 'test/worker/worker.test.ts',
      name: 'sends all parts of a message over one bind, in order, with the DLT ids on each',
    },
    change: {
      file: SENDER,
      find: 'link.take(task.segments)',
      replace: 'link.take([...task.segments].reverse())',
      inWords: 'line the parts up in reverse',
    },
  },
  {
    promise: '6. … a refused part retries first',
    mechanism: '0x58 pauses the bind, and the refused part stays first in its line',
    test: {
      file: 'test/worker/sender.test.ts',
      name: 'pauses the bind on 0x58 and sends the refused part first',
    },
    change: {
      file: 'bind-worker/send/verdict.ts',
      find: "return { kind: 'pause', pauseMs: timing.throttlePauseMs }",
      replace: "return { kind: 'retry', place: 'last', afterMs: 0, pauseMs: timing.throttlePauseMs }",
      inWords: 'send it last',
    },
  },
  {
    promise: '6. … and a message cut in the middle never restarts',
    mechanism: 'its unwritten parts end as refused: multipart_cut',
    test: { file: 'test/worker/sender.test.ts', name: 'cuts the message it was in the middle of' },
    change: {
      file: SENDER,
      find: "this.#endUnsent(segment, 'refused', 'multipart_cut')",
      replace: 'link.putBack(segment)',
      inWords: 'send the other parts when the bind is back',
    },
  },
  {
    promise: '7. Promotional traffic leaves only inside sending hours',
    mechanism: 'the gate before each message parks the batch until the hours open',
    test: {
      file: 'test/worker/sender.test.ts',
      name: 'are checked when a message begins: outside them the batch is parked until they open',
    },
    change: {
      file: GATE,
      find: 'if (!insideSendingHours(hours, now)) {',
      replace: 'if (!insideSendingHours(null, now)) {',
      inWords: 'send round the clock',
    },
  },
  {
    promise: '7. … validity_period on the wire ends with the hours or the expiry',
    mechanism: 'the encoder of a batch is given the earlier of both',
    test: {
      file: 'test/worker/promises.test.ts',
      name: 'validity_period on the wire ends with the sending hours, or with the expiry when that is sooner',
    },
    change: {
      file: WORKER,
      find: 'Math.min(launch.expiresAt, closingOf(launch.hours, now) ?? Number.POSITIVE_INFINITY)',
      replace: 'closingOf(launch.hours, now) ?? launch.expiresAt',
      inWords: 'forget the expiry where there are hours',
    },
  },
  {
    promise: '8. One tenant cannot read another’s data',
    mechanism: 'every key of the registry begins with the tenant of the API key',
    test: { file: 'test/api/isolation.test.ts', name: 'a tenant' },
    change: {
      file: 'lambdas/api/context.ts',
      find: 'await deps.registry.campaign(tenant, parsed.data)',
      replace:
        "((await deps.registry.campaign(tenant, parsed.data)) ?? (await deps.registry.campaign('acme' as TenantId, parsed.data)))",
      inWords: 'look the campaign up under the other tenant too',
    },
  },
  {
    promise: '9. A bad PDU closes that bind only',
    mechanism:
      'the session ends with a protocol error and hands back what was pending; the bind connects again',
    test: {
      file: 'test/session/session.test.ts',
      name: 'ends the session by sending garbage, pending handed back',
    },
    change: {
      file: 'bind-worker/session/session.ts',
      find: "this.#end({ why: 'protocolError', error: new ProtocolError('the stream is not SMPP any more', cause) })",
      replace: "void ['protocolError', ProtocolError]",
      inWords: 'go on reading',
    },
  },
  {
    promise: '9. … a poison batch ends in the dead-letter queue',
    mechanism: 'takeovers are counted in the claim; the fifth crash refuses what was not sent',
    test: {
      file: 'test/worker/taker.test.ts',
      name: 'a batch that five owners crashed on ends as refused, and in the dead letters',
    },
    change: {
      file: 'bind-worker/intake/taker.ts',
      find: 'const POISON_CRASHES = 5',
      replace: 'const POISON_CRASHES = 500',
      inWords: 'try five hundred times',
    },
  },
  {
    promise: '10. Numbers are masked in logs, texts are never logged',
    mechanism: 'log calls carry keys of batches; a number only through maskMsisdn',
    test: {
      file: 'test/worker/promises.test.ts',
      name: 'no line of the log has a whole number or a text in it, whatever goes wrong',
    },
    change: {
      file: 'bind-worker/receipts/mobile-originated.ts',
      find: 'from: maskMsisdn(message.from)',
      replace: 'from: message.from, mask: maskMsisdn(message.from)',
      inWords: 'log the number',
    },
  },
]

/** The chaos suite must notice these by itself: its seeds fail on each. */
export const CHAOS_MUTATIONS: readonly Mutation['change'][] = [
  {
    file: 'bind-worker/intake/recover.ts',
    find: "if (parts === undefined && (!reserved || policy === 'resend'))",
    replace: 'if (parts === undefined)',
    inWords: 'a takeover sends again what has no fact (3)',
  },
  {
    file: SENDER,
    find: "batch.dispatch.launch.policy === 'resend' && ",
    replace: '',
    inWords: 'a lost bind’s unanswered segments are sent again (3, 4)',
  },
  {
    file: RECEIVER,
    find: 'this.#writer.whenDurable(() => this.#answer(waiting, STATUS.ESME_ROK!))',
    replace: 'this.#answer(waiting, STATUS.ESME_ROK!)',
    inWords: 'receipts are acknowledged before they are durable (1)',
  },
  {
    file: 'bind-worker/intake/finisher.ts',
    find: '    await this.#writer.flushed()\n',
    replace: '',
    inWords: 'batches leave the queue before their facts are durable (2)',
  },
  {
    file: SENDER,
    find: 'link.take(task.segments)',
    replace: 'link.take([...task.segments].reverse())',
    inWords: 'parts leave in reverse (6)',
  },
  {
    file: 'bind-worker/intake/controls.ts',
    find: "return { kind: 'cancel' }",
    replace: 'return null',
    inWords: 'workers ignore a cancel',
  },
]
