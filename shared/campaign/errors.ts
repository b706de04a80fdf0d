import { Conflict } from '../errors.ts'
import type { CampaignState } from './record.ts'

/** Thrown when a campaign's state does not allow what was asked; names the state it is in. */
export class IllegalState extends Conflict {
  readonly state: CampaignState

  constructor(state: CampaignState, message: string) {
    super('illegal_state', message)
    this.state = state
  }
}
