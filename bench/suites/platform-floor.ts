import type { Suite } from '../suite.ts';
import { connectionStage } from './churn.ts';
import { messageStage } from './parse-cost.ts';

export const platformFloor: Suite = {
  id: 'platform-floor',
  title: 'What the platform costs below',
  question: 'What do the WebSocket library, Socket.IO and Nest cost before anyone asks who is there?',
  method:
    'The same load on a bare `ws` server, on Socket.IO alone, on a Nest gateway without any guard and on the no-auth ' +
    'baseline, which has the guards, the filter and the adapter of all strategies and checks nothing. What one ' +
    'verification takes by itself predicts the last step, from the no-auth baseline to a strategy that verifies each message; ' +
    'what it does not explain is the residual.',
  takes: ['platform-layer'],
  stages: (profile) => [
    messageStage({ ...profile, paced: { ...profile.paced, perSecond: [], shares: [] } }),
    connectionStage(profile),
  ],
};
