import { describe, expect, it } from 'vitest'
import { keywordOf } from '../../shared/suppression/keywords.ts'

describe('the keyword of a message', () => {
  it.each([
    ['STOP', 'stop'],
    [' stop\r\n', 'stop'],
    ['Stop.', 'stop'],
    ['"STOP"', 'stop'],
    ['STOP ACMEIN please', 'stop'],
    ['stop,thanks', 'stop'],
    ['opt-out', 'stop'],
    ['Unsubscribe me', 'stop'],
    ['\u200bSTOP', 'stop'],
    ['बंद करो', 'stop'],
    ['रोकें', 'stop'],
    ['रो\u200dको।', 'stop'],
    ['Start', 'start'],
    ['शुरू', 'start'],
    ['UNSTOP', 'start'],
  ])('%j is %s', (text, keyword) => {
    expect(keywordOf(text)).toBe(keyword)
  })

  it.each([
    '',
    '   ',
    '!?',
    'stopped working',
    'Please STOP',
    'when does it start',
    'cancel my order 123',
    'end',
    'yes',
    'स्टॉपर',
    '👋',
  ])('%j is none', (text) => {
    expect(keywordOf(text)).toBeNull()
  })
})
