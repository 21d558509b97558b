import { Authorized, Field, ID, InputType, ObjectType } from 'type-graphql';
import { RemovalReason } from '../../database/entities/removal-reason.js';
import { ClientKind, type Session } from '../../database/entities/session.entity.js';
import { Access } from '../schema/auth-checker.js';
import { DateTime, toDate } from '../schema/date-time.js';

@ObjectType({ description: 'What a program said of the device it signed in on.' })
export class Device {
  @Authorized(Access.NO_TOKEN)
  @Field(() => ID, { description: 'A token may not read it.' })
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  platform!: string | null;

  @Field(() => String, { nullable: true })
  appVersion!: string | null;
}

@ObjectType('Session', { description: 'One sign-in on one device.' })
export class SessionType {
  constructor(readonly row: Session) {}

  @Field(() => ID)
  get id(): string {
    return this.row.id;
  }

  @Field(() => ClientKind)
  get client(): ClientKind {
    return this.row.client;
  }

  @Field(() => Device, { nullable: true })
  get device(): Device | null {
    const { deviceId, deviceName, devicePlatform, deviceAppVersion } = this.row;
    if (deviceId === null || deviceName === null) return null;
    return {
      id: deviceId,
      name: deviceName,
      platform: devicePlatform,
      appVersion: deviceAppVersion,
    };
  }

  @Field(() => String, { nullable: true })
  get ipAddress(): string {
    return this.row.ipAddress;
  }

  @Field(() => String, { nullable: true })
  get userAgent(): string | null {
    return this.row.userAgent;
  }

  @Field(() => DateTime)
  get createdAt(): Date {
    return toDate(this.row.createdAt);
  }

  @Field(() => DateTime, { description: 'To the minute.' })
  get lastSeenAt(): Date {
    return toDate(this.row.lastSeenAt);
  }

  @Field(() => DateTime, {
    description: 'The idle or the absolute end, whichever comes first; use moves the idle one.',
  })
  get expiresAt(): Date {
    return toDate(this.row.liveUntil ?? this.row.expiresAt);
  }

  @Field(() => DateTime, { nullable: true })
  get endedAt(): Date | null {
    return toDate(this.row.endedAt);
  }

  @Field(() => RemovalReason, { nullable: true })
  get endReason(): RemovalReason | null {
    return this.row.endReason;
  }
}

@InputType()
export class DeviceInput {
  @Field(() => ID, {
    description: 'The same from sign-in to sign-in.',
  })
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true })
  platform?: string | null;

  @Field(() => String, { nullable: true })
  appVersion?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The `deviceKey` that an earlier sign-in on this device answered, as any account.',
  })
  key?: string | null;
}

@InputType()
export class SignInInput {
  @Field(() => String)
  username!: string;

  @Field(() => String)
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Refused until two-factor sign-in is available.',
  })
  oneTimePassword?: string | null;

  @Field(() => ClientKind, { defaultValue: ClientKind.API })
  client!: ClientKind;

  @Field(() => DeviceInput, { nullable: true })
  device?: DeviceInput | null;
}
