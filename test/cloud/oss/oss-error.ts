/** What OSS answers when it refuses: a status, a code that clients understand, and details as elements beside it. */
export class OssError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "OssError";
  }
}

/** An argument that OSS does not take, with its name and value as OSS tells them. */
export function invalidArgument(message: string, name: string, value: string): OssError {
  return new OssError(400, "InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });
}

export function accessDenied(message: string): OssError {
  return new OssError(403, "AccessDenied", message);
}

export function noSuchKey(key: string): OssError {
  return new OssError(404, "NoSuchKey", "The specified key does not exist.", { Key: key });
}
