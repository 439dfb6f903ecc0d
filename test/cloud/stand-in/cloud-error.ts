/** The cloud does not do it. The message is laid out as the provider lays out what the cloud answers. */
export class CloudError extends Error {
  /**
   * @param code - the cloud's own code: OperationDenied.DeletionProtection
   * @param says - what it says
   */
  constructor(
    readonly code: string,
    says: string,
  ) {
    super(`[ERROR] ErrorCode: ${code}\nMessage: ${says}`);
    this.name = "CloudError";
  }
}
