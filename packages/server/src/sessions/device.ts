import { LIMITS, labelProblem } from '@latchkey/shared';
import type { FieldCheck } from '../core/validation.js';

/** What a program says of the device it runs on; `id` stays the same from sign-in to sign-in. */
export interface Device {
  readonly id: string;
  readonly name: string;
  readonly platform: string | null;
  readonly appVersion: string | null;
}

/** Checks each field of `device`, which a program sent. */
export function deviceChecks(device: Device): FieldCheck[] {
  const { deviceIdMaxLength, deviceNameMaxLength: max } = LIMITS;
  const check = (name: string, value: string | null, what: string, length: number): FieldCheck => [
    `input.device.${name}`,
    value === null ? undefined : labelProblem(value, what, length),
  ];
  return [
    check('id', device.id, "A device's id", deviceIdMaxLength),
    check('name', device.name, "A device's name", max),
    check('platform', device.platform, 'A platform', max),
    check('appVersion', device.appVersion, 'A version', max),
  ];
}
