/** A complaint of Terraform, of a provider or of a cloud, that is known, and the way out. */
export interface KnownFailure {
  /** The part of a problem's code after `infrastructure/`. */
  readonly code: string;
  /** What the complaint has in it. */
  readonly sign: RegExp;
  /** What is wrong, in a user's words. @default - as Terraform says it */
  readonly says?: string;
  readonly instead: string;
}

const AGAIN = "give the same command again: what is made stays, and it goes on from there";

/**
 * Known complaints, the most telling first. Error codes are those of the clouds' APIs, which providers pass on; texts are
 * of Terraform 1.11, OpenTofu 1.11 and the pinned providers.
 */
export const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    code: "interrupted",
    sign: /request canceled, context canceled|operation was cancel+ed|execution halted|operation canceled/i,
    says: "Terraform was told to stop before it was done",
    instead: AGAIN,
  },
  {
    code: "state-elsewhere",
    sign: /Backend (configuration|type) changed|Backend initialization required|Unsetting the previously set backend/i,
    says: "infrastructure.state names another place than the one this site's state is in",
    instead:
      "bring the state along: `{{program}} -chdir={{folder}} init -migrate-state`; or, where that is done already, remove {{folder}}",
  },
  {
    code: "state-store-missing",
    sign: /(S3 bucket|oss bucket).*(does not exist|doesn't exist)|NoSuchBucket/is,
    says: "the bucket for the state does not exist",
    instead: "make it, private and with versions, or correct infrastructure.state",
  },
  {
    code: "credentials-missing",
    sign: /no valid credential sources|NoCredentialProviders|failed to refresh cached credentials|MissingAccessKeyId|no EC2 IMDS role found/i,
    says: "there are no credentials of the cloud",
    instead:
      "AWS: set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or type `aws sso login`; Alibaba Cloud: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or ALIBABA_CLOUD_PROFILE",
  },
  {
    code: "credentials-expired",
    sign: /ExpiredToken|RequestExpired|InvalidSecurityToken\.Expired|SecurityTokenExpired|token[^.]{0,40} (is|has) expired/i,
    says: "the credentials of the cloud have expired",
    instead: `log in anew (aws sso login, aliyun configure), and ${AGAIN}`,
  },
  {
    code: "credentials-refused",
    sign: /InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidAccessKeyId|InvalidSecurityToken|IncompleteSignature/,
    says: "the cloud does not accept the credentials",
    instead:
      "look at the access key and its secret, and at the clock of this machine: signatures are valid for minutes",
  },
  {
    code: "account-unpaid",
    sign: /Arrear|NotEnoughBalance|InsufficientBalance|PaymentRequired|RealNameAuthentication|PendingVerification/,
    says: "the account may not buy anything now: it owes money, or is not verified yet",
    instead: `settle that in the cloud's console; then ${AGAIN}`,
  },
  {
    code: "service-closed",
    sign: /ServiceNotOpen|NotOpened|ServiceIsNotOpen|NotOpenService|UserNotOpen|OptInRequired|not (yet )?(been )?(subscribed|activated) /i,
    says: "a service of the cloud is not switched on for this account",
    instead: `open it once in the cloud's console; then ${AGAIN}`,
  },
  {
    code: "rights-missing",
    sign: /UnauthorizedOperation|AccessDenied|not authorized to perform|Forbidden\.RAM|NoPermission|NotAuthorized/i,
    says: "the credentials do not have the right to do this",
    instead: `have the right added that the message names; then ${AGAIN}`,
  },
  {
    code: "region",
    sign: /Invalid (AWS|Alibaba Cloud) region|InvalidRegionId|InvalidZoneId|InvalidParameterValue: Value \([a-z0-9-]+\) for parameter availabilityZone|CanNotResolveEndpoint/i,
    says: "the cloud does not have this region or zone, or not for this account",
    instead: "correct region and zones of the site",
  },
  {
    code: "out-of-stock",
    sign: /InsufficientInstanceCapacity|NoStock|Zone\.NotOnSale|InvalidResourceType\.NotSupported|InvalidInstanceType\.(NotSupported|ValueNotSupported)|requested configuration is currently not supported/,
    says: "a zone does not have this instance type, or none left of it",
    instead: "choose another instance type for these nodes (nodes.size, nodes.sizes), or try again later",
  },
  {
    code: "throttled",
    sign: /Throttl|RequestLimitExceeded|TooManyRequests|ServiceUnavailable/,
    says: "the cloud takes no more requests for the moment",
    instead: AGAIN,
  },
  {
    code: "quota",
    sign: /LimitExceeded|QuotaExceed|Quota\.Exceed|ExceedQuota|TooManyBuckets|quota/i,
    says: "the account may not have so many of this",
    instead: `have the quota raised in the cloud's console; then ${AGAIN}`,
  },
  {
    code: "image-unknown",
    sign: /InvalidAMIID|InvalidImageId/,
    says: "this region does not have the machine image",
    instead: "name an image of the region in nodes.image, or leave it out for the default",
  },
  {
    code: "bucket-taken",
    sign: /BucketAlreadyExists|BucketAlreadyOwnedByYou/,
    says: "there is a bucket of this name already; all customers of a cloud share one space of names",
    instead: "give the site's bucket another name: bucket.name",
  },
  {
    code: "bucket-not-empty",
    sign: /BucketNotEmpty/,
    says: "the bucket still holds images",
    instead: "`harborwright down` leaves it; to lose all images, add --delete-data",
  },
  {
    code: "data-would-go",
    sign: /Instance cannot be destroyed|lifecycle\.prevent_destroy/i,
    says: "with this change the images, or the key that they are encrypted with, would be deleted and made anew",
    instead:
      "take back what changed: bucket.name and bucket.key of the site; a bucket and a key keep their names for life. `harborwright down --delete-data` deletes them on purpose",
  },
  {
    code: "protected",
    sign: /OperationNotPermitted.*(terminat|protect)|DeletionProtection|deletion protection|disableApiTermination/is,
    says: "something that shall go is protected from deletion",
    instead:
      "`harborwright down` and `replace` lift the protection themselves; what was protected by hand must be freed by hand",
  },
  {
    code: "plan-stale",
    sign: /Saved plan is stale/,
    says: "the site has changed since the plan was made",
    instead: "give the same command again and look at its new plan",
  },
  {
    code: "unreachable",
    sign: /i\/o timeout|connection refused|connection reset|TLS handshake timeout|no such host|context deadline exceeded|network is unreachable/,
    says: "the cloud's API cannot be reached",
    instead: `look at the network and at HTTPS_PROXY of this machine; then ${AGAIN}`,
  },
];
