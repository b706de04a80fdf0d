/** The lasting faults of the moment, asked by sessions and SMSC wherever one could bite. */
import type { IdFormats } from '../message-ids.ts'
import type { ReceiptDialect } from '../receipt-pdu.ts'
import type { SubmitRuling } from '../submit-ruling.ts'
import type { SubmitRecord } from '../truth.ts'
import { BindFault, type BindRuling, bindRuling } from './bind-faults.ts'
import { type Belonging, concerns, type Dice, diceOf } from './chance.ts'
import { DialectFault, ReceiptFault, receiptRule } from './deliver-faults.ts'
import type { LastingFault } from './fault.ts'
import type { Random } from './random.ts'
import { SubmitFault, type SubmitRule, submitRule } from './submit-faults.ts'

/** Told of every time a fault bites. */
export type CountFault = (kind: LastingFault['fault']) => void

export class FaultsInForce {
  readonly #steady: { dialect: ReceiptDialect; ids: IdFormats }
  readonly #random: Random
  readonly #count: CountFault
  readonly #active = new Set<LastingFault>()
  readonly #binds = new Map<LastingFault, { strikes: Dice; ruling: BindRuling }>()
  readonly #submits = new Map<LastingFault, SubmitRule>()
  /** How receipts are written at the moment, and message ids. */
  dialect: ReceiptDialect
  ids: IdFormats

  constructor(steady: { dialect: ReceiptDialect; ids: IdFormats }, random: Random, count: CountFault) {
    this.#steady = steady
    this.#random = random
    this.#count = count
    this.dialect = steady.dialect
    this.ids = steady.ids
  }

  /** Answers how to end it. */
  begin(fault: LastingFault): () => void {
    const own = { ...fault } // the same fault may be in force twice
    this.#active.add(own)
    if (isBind(own)) this.#binds.set(own, { strikes: diceOf(own, this.#random), ruling: bindRuling(own) })
    else if (isSubmit(own)) this.#submits.set(own, submitRule(own, diceOf(own, this.#random), this.#random))
    else if (isReceipt(own)) this.#submits.set(own, receiptRule(own, diceOf(own, this.#random), this.#random))
    else if (isDialect(own)) this.#count(own.fault)
    this.#speak()
    return () => {
      this.#active.delete(own)
      this.#binds.delete(own)
      this.#submits.delete(own)
      this.#speak()
    }
  }

  /** What becomes of a bind that is in order; null when nothing does. The fault that began first decides. */
  ofBind(bind: Belonging): BindRuling | null {
    for (const [{ fault }, { strikes, ruling }] of this.#binds) {
      if (!strikes(bind)) continue
      this.#count(fault)
      return ruling
    }
    return null
  }

  /** What becomes of a submit_sm that is in order: all that bite together, up to one that keeps it from being accepted. */
  ofSubmit(record: Readonly<SubmitRecord>, nowMs: number): SubmitRuling | null {
    let all = null as SubmitRuling | null
    for (const [{ fault }, rule] of this.#submits) {
      const ruling = rule(record, nowMs)
      if (!ruling) continue
      this.#count(fault)
      all = all ? { ...all, ...ruling, receipt: { ...all.receipt, ...ruling.receipt } } : ruling
      if (ruling.status !== undefined || ruling.drop === 'message') return ruling
    }
    return all
  }

  answersEnquiry(session: Belonging): boolean {
    for (const fault of this.#active) {
      if (fault.fault !== 'ignore-enquire' || !concerns(fault, session)) continue
      this.#count(fault.fault)
      return false
    }
    return true
  }

  /** The dialect is the steady one with what the faults in force change, in the order they began. */
  #speak(): void {
    let { dialect, ids } = this.#steady
    for (const fault of this.#active) {
      switch (fault.fault) {
        case 'ids':
          ids = { response: fault.response ?? ids.response, receipt: fault.receipt ?? ids.receipt }
          break
        case 'receipt-style':
          dialect = { ...dialect, style: fault.style }
          break
        case 'receipt-payload':
          dialect = { ...dialect, inPayload: true }
          break
        case 'receipt-coding':
          dialect = { ...dialect, octets: fault.octets, label: fault.label }
          break
        case 'receipt-dates':
          dialect = { ...dialect, dates: fault }
      }
    }
    this.dialect = dialect
    this.ids = ids
  }
}

const isBind = (fault: LastingFault): fault is BindFault => BindFault.safeParse(fault).success
const isSubmit = (fault: LastingFault): fault is SubmitFault => SubmitFault.safeParse(fault).success
const isReceipt = (fault: LastingFault): fault is ReceiptFault => ReceiptFault.safeParse(fault).success
const isDialect = (fault: LastingFault): fault is DialectFault => DialectFault.safeParse(fault).success
