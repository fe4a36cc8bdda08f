import { Reflector } from '@nestjs/core';

/**
 * On a gateway class: its namespace lets clients without a credential in, as guests. On a handler of such a gateway: guests may
 * use it. Every other handler still needs a user who is signed in. An invalid credential is refused everywhere.
 */
export const Public = Reflector.createDecorator<void, true>({ transform: () => true });

/** Whether `@Public()` is on this class or method itself. What a subclass inherits does not open its namespace. */
export const isPublic = (target: object): boolean => Reflect.getOwnMetadata(Public.KEY, target) === true;
