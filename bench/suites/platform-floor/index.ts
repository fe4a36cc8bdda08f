import { defineSuite, type Suite } from '../suite.ts';
import { connectionStage } from '../churn/connection-stage.ts';
import { type ConnectionSettings, settings as churn } from '../churn/settings.ts';
import { messageStage } from '../parse-cost/message-stage.ts';
import { type MessageSettings, settings as parseCost } from '../parse-cost/settings.ts';
import { platformCharts, platformSection } from './section.ts';

const id = 'platform-floor';
const takes: Suite['takes'] = ['platform-layer'];

export default defineSuite<MessageSettings & ConnectionSettings>({
  id,
  order: 40,
  title: 'What the platform costs below',
  question: 'What do the WebSocket library, Socket.IO and Nest cost before anyone asks who is there?',
  method:
    'The same load on a bare `ws` server, on Socket.IO alone, on a Nest gateway without any guard and on the no-auth ' +
    'baseline, which has the guards, the filter and the adapter of all strategies and checks nothing. What one ' +
    'verification takes by itself predicts the last step, from the no-auth baseline to a strategy that verifies each message; ' +
    'what it does not explain is the residual.',
  profiles: ['full'],
  takes,
  section: platformSection,
  charts: platformCharts,
  // The loads of the two suites that it continues, without the open loops.
  settings: {
    default: { ...parseCost.default, ...churn.default },
    smoke: { ...parseCost.smoke, connection: churn.smoke.connection },
    full: {
      message: parseCost.full.message,
      connection: churn.full.connection,
      connectionRepetitions: churn.full.connectionRepetitions,
    },
  },
  stages: (profile, own) => [messageStage(profile, own), connectionStage(profile, own)],
});
