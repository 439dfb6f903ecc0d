/** One thing that is made, changed or deleted inside of the running registry. Values are for people's eyes: secrets are masked. */
export interface SettingChange {
  readonly action: "create" | "update" | "delete";
  /** Kind and name: "robot team/ci". */
  readonly what: string;
  /** What it is made with, or what differs. */
  readonly values: readonly {
    readonly name: string;
    /** @default - it is made only now */
    readonly before?: string;
    readonly after: string;
  }[];
}

/** What changes inside of the running registry, through its API. */
export interface SettingsPlan {
  readonly changes: readonly SettingChange[];
  /** What nobody wants and cannot be deleted, with the reason. */
  readonly left: readonly { readonly what: string; readonly because: string }[];
  /** Number of settings that are made once the registry runs for the first time. @default 0 */
  readonly awaiting?: number;
  /** Why the registry could not be asked. @default - it was, or need not be */
  readonly silent?: string;
}

/** Whether there is nothing to be done. */
export function settingsStay(settings: SettingsPlan | undefined): boolean {
  if (settings === undefined) return true;
  const { changes, awaiting = 0, silent } = settings;
  return changes.length === 0 && awaiting === 0 && silent === undefined;
}
