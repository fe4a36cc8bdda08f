export { ManualClock } from '../../strategies/shared/stores/store-tests/manual-clock.ts';
