import type { PipeTransform } from '@nestjs/common';
import type { z } from 'zod';
import { RefusalException } from '../refusal.exception.ts';

/** `@MessageBody(new ShapePipe(schema))`: a message of another shape is refused as `bad-message`. */
export class ShapePipe<T> implements PipeTransform<unknown, T> {
  readonly #schema: z.ZodType<T>;

  constructor(schema: z.ZodType<T>) {
    this.#schema = schema;
  }

  transform(value: unknown): T {
    const parsed = this.#schema.safeParse(value);
    if (!parsed.success) throw new RefusalException('bad-message');
    return parsed.data;
  }
}
