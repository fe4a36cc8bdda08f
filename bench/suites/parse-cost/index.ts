import { defineSuite, type Suite } from '../suite.ts';
import { messageCharts } from './charts.ts';
import { messageStage } from './message-stage.ts';
import { messageSection } from './section.ts';
import { type MessageSettings, settings } from './settings.ts';

const id = 'parse-cost';
const takes: Suite['takes'] = ['twin', 'control', 'strategy', 'peer'];

export default defineSuite<MessageSettings>({
  id,
  order: 10,
  title: 'What authentication costs a message',
  question:
    'How much server CPU does each strategy spend on a message, beside the same gateways with the no-auth baseline?',
  method:
    'A closed loop of `sendMessage` with its ack, the server saturated: each connection sends five messages in one go, and ' +
    'the next five when all are answered. Every ack is checked to carry the sender, and ' +
    'probes with a forged or expired credential try their luck during the slices and must not be answered. The ' +
    'servers of a block are up at once, each in a fresh process, and take short time slices in an order drawn anew. CPU is ' +
    'that of the whole server process, all threads, over the messages of the same slice. A figure is the median over the ' +
    'slices, and a ratio the median over all slices, each over the slices of the no-auth baseline just before and after it. Where a run has open loops, ' +
    'messages come at random times, and latency runs from when a message was to be sent, ' +
    'for each that was; where fewer than 98% were answered meanwhile, the block is void.',
  profiles: ['quick', 'smoke', 'brief', 'full'],
  takes,
  metrics: {
    'latency-p50': { unit: 'ms', better: 'lower' },
    'latency-p99': { unit: 'ms', better: 'lower' },
    'send-lag-p99': { unit: 'ms', better: 'lower' },
    'gc-per-message': { unit: 'us', better: 'lower' },
    'messages-per-event': { unit: '', better: 'higher' },
    'messages-per-loop': { unit: '', better: 'higher' },
    'event-loop-delay-p99': { unit: 'ms', better: 'lower' },
    'generator-core-share': { unit: '%', better: 'higher' },
    'server-core-share': { unit: '%', better: 'higher' },
    'idle-slices': { unit: '%', better: 'lower' },
  },
  settings,
  section: messageSection,
  charts: messageCharts,
  stages: (profile, own) => [messageStage(profile, own)],
});
