import type { PipeTransform } from '@nestjs/common';
import { RefusalException } from '../refusal.exception.ts';

/** A schema that checks a value, as those of zod do, in any of its versions. */
interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

/** `@MessageBody(new ShapePipe(schema))`: a message of another shape is refused as `bad-message`. */
export class ShapePipe<T> implements PipeTransform<unknown, T> {
  readonly #schema: Schema<T>;

  constructor(schema: Schema<T>) {
    this.#schema = schema;
  }

  transform(value: unknown): T {
    const parsed = this.#schema.safeParse(value);
    if (!parsed.success) throw new RefusalException('bad-message');
    return parsed.data;
  }
}
