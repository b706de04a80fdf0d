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
    ['BLOCK', 'stop'],
    ['"Block".', 'stop'],
    ['quit!', 'stop'],
    ['Band', 'stop'],
    ['बंद', 'stop'],
    ['Opt out', 'stop'],
    ['Start', 'start'],
    ['Subscribe', 'start'],
    ['resume.', 'start'],
    ['chalu', 'start'],
    ['चालू करो', 'start'],
    ['opt-in please', 'start'],
    ['शुरू', 'start'],
    ['UNSTOP', 'start'],
  ])('%j is %s', (text, keyword) => {
    expect(keywordOf(text)).toBe(keyword)
  })

  it.each([
    'BLOCK 1234',
    'block my card',
    'BAND 1234',
    'band baja',
    'बंद क्यों है',
    'quit smoking offer?',
    'RESUME attached',
    'subscribe 199 pack',
    'CHALU 1234',
    'चालू खाता 1234',
    'START DND',
    'शुरू कब होगा',
    'STOPPAGE',
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
