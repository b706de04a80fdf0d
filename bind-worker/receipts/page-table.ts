import type { CampaignId } from '../../shared/ids.ts'
import type { PageKey } from '../ledger-writer.ts'

/** Pages by a small number, kept for as long as somebody uses it: a million segments name a few hundred pages. */
export class PageTable {
  readonly #numbers = new Map<CampaignId, Map<number, number>>()
  readonly #pages: PageKey[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []
  /** Held last, and likely to be next: segments come by the batch. */
  #last = 0

  /** Pages in use. */
  get size(): number {
    return this.#pages.length - this.#free.length
  }

  /** The number of the page, used once more. */
  hold(key: PageKey): number {
    const last = this.#pages[this.#last]
    const isLast = last !== undefined && last.page === key.page && last.campaign === key.campaign
    if (!isLast || this.#uses[this.#last] === 0) this.#last = this.#numberOf(key)
    this.#uses[this.#last]!++
    return this.#last
  }

  at(number: number): PageKey {
    return this.#pages[number]!
  }

  /** Used once less; the number of a page nobody uses becomes another's. */
  release(number: number): void {
    if (--this.#uses[number]! > 0) return
    const { campaign, page } = this.#pages[number]!
    const ofCampaign = this.#numbers.get(campaign)!
    ofCampaign.delete(page)
    if (ofCampaign.size === 0) this.#numbers.delete(campaign)
    this.#free.push(number)
  }

  #numberOf({ campaign, page }: PageKey): number {
    let ofCampaign = this.#numbers.get(campaign)
    if (!ofCampaign) {
      ofCampaign = new Map()
      this.#numbers.set(campaign, ofCampaign)
    }
    let number = ofCampaign.get(page)
    if (number === undefined) {
      number = this.#free.pop() ?? this.#pages.length
      this.#pages[number] = { campaign, page }
      this.#uses[number] = 0
      ofCampaign.set(page, number)
    }
    return number
  }
}
