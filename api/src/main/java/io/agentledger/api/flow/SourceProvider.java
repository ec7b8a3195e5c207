package io.agentledger.api.flow;

/** Provider of issues and repositories. */
public enum SourceProvider {
  GITHUB,
  JIRA,
  SENTRY
}
