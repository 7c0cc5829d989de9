import { Account } from '../../../src/shipped/account-log-role/account';
import { LogRole } from '../../../src/shipped/account-log-role/log-role';

type Call = Exclude<keyof Account, 'wait'>;

/** An account in memory, whose calls can be made to fail. */
export class FakeAccount implements Account {
  public readonly roles = new Set<string>();
  public readonly waited: number[] = [];
  /** The calls that changed something. */
  public readonly changes: Call[] = [];
  public policies: string[] = [];
  public calls = 0;
  public whileWaiting?: () => void;
  public onAttach?: () => void;
  private readonly faults: { [call: string]: Error[] } = {};

  constructor(public setting?: string) {
    if (setting) { this.roles.add(setting); }
  }

  /** The next times that it is called, it fails. */
  public fail(call: Call, ...faults: Error[]) {
    this.faults[call] = faults;
  }

  public async getLogRole() {
    this.called('getLogRole');
    return this.setting;
  }

  public async setLogRole(roleArn: string) {
    this.called('setLogRole');
    if (!this.roles.has(roleArn) || this.policies.length === 0) {
      throw fault('BadRequestException', 'The role ARN does not have required permissions configured');
    }
    this.changes.push('setLogRole');
    this.setting = roleArn;
  }

  public async roleExists(roleArn: string) {
    this.called('roleExists');
    return this.roles.has(roleArn);
  }

  public async createRole({ arn }: LogRole) {
    this.called('createRole');
    if (this.roles.has(arn)) { return; }
    this.changes.push('createRole');
    this.roles.add(arn);
  }

  public async attachPolicy({ policyArn }: LogRole) {
    this.called('attachPolicy');
    this.changes.push('attachPolicy');
    this.policies = [policyArn];
    this.onAttach?.();
  }

  public async wait(milliseconds: number) {
    this.waited.push(milliseconds);
    this.whileWaiting?.();
  }

  private called(call: Call) {
    this.calls++;
    const next = this.faults[call]?.shift();
    if (next) { throw next; }
  }
}

export function fault(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
