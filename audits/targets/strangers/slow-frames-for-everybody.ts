import { framesForEverybody } from '../shared/frames-for-everybody.ts';
import { target, unasked } from '../shared/target.ts';

// A broadcast arrives long after the message that caused it, when another client has already sent its own.
export default target({
  title: 'JSON frames over ws: broadcasts to every socket, and 600 ms until any message is answered',
  finds: ['stranger-receives'],
  untold: unasked,
  serve: () => framesForEverybody(600),
});
