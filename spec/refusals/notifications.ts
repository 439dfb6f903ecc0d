import { refusalOfEach } from "../refusal.js";
import { isPrivateHost } from "../url.js";
import { everyNotification } from "./views.js";

const nameTwice = refusalOfEach(everyNotification, "notifications/name-twice", {
  when: ({ receiver, before }) => before.some(({ name }) => name === receiver.name),
  field: "registry.notifications[].name",
  says: ({ receiver }) => `${receiver.name} names two receivers`,
  because: "the secret of a receiver and its metrics are found by its name",
  instead: "a name of its own for each receiver",
  source: "distribution, notifications/metrics.go: endpoints are told apart by name",
});

const tokenInTheClear = refusalOfEach(everyNotification, "notifications/token-in-the-clear", {
  when: ({ receiver }) => receiver.authorization && receiver.url.startsWith("http:") && !isPrivateHost(receiver.url),
  field: "registry.notifications[].url",
  says: ({ receiver }) => `${receiver.url} with authorization: true`,
  because: "the secret header would travel where anybody on the way can read it",
  instead: "https; http is accepted for private names and addresses",
  source: "RFC 6750 §5.3: bearer tokens need TLS",
});

const nothingLeft = refusalOfEach(everyNotification, "notifications/nothing-left", {
  when: ({ receiver }) => new Set(receiver.ignoreActions).size === 4,
  field: "registry.notifications[].ignoreActions",
  says: ({ receiver }) => `${receiver.name} ignores every action`,
  because: "it would never be told anything",
  instead: "leave out the actions that it is to be told of, or the receiver",
  source: "distribution docs, configuration.md: ignore",
});

/** Refusals that concern receivers of events. */
export const notificationRefusals = [nameTwice, tokenInTheClear, nothingLeft];
