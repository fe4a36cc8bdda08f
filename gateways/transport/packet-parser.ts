import { Decoder, Encoder } from 'socket.io-parser';

/** How many attachments a packet may have, where an application takes any. */
const MOST_ATTACHMENTS = 10;

/** Socket.IO's own format, without binary attachments: a packet that announces any is an error, and ends its transport. */
class NoAttachmentsDecoder extends Decoder {
  constructor() {
    super({ maxAttachments: 0 });
  }
}

/** Socket.IO's parser, whose packets may wait for attachments of `mostBytes` together, or for none. */
export function packetParser(attachments: boolean, mostBytes: number) {
  /** An incomplete packet waits in memory for as long as its client likes. */
  class BoundedDecoder extends Decoder {
    #waiting = 0;

    constructor() {
      super({ maxAttachments: MOST_ATTACHMENTS });
    }

    override add(data: string | Buffer): void {
      this.#waiting = typeof data === 'string' ? 0 : this.#waiting + data.length;
      if (this.#waiting > mostBytes) throw new RangeError('The attachments of a packet are too large');
      super.add(data);
    }
  }
  return { Encoder, Decoder: attachments ? BoundedDecoder : NoAttachmentsDecoder };
}
