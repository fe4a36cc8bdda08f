import { framesForEverybody } from '../shared/frames-for-everybody.ts';
import { target, unasked } from '../shared/target.ts';

export default target({
  title: 'JSON frames over ws: a token in each message, and broadcasts to every socket',
  finds: ['stranger-receives'],
  untold: unasked,
  serve: () => framesForEverybody(0),
});
