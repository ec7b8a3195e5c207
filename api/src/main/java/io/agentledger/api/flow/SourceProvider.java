package io.agentledger.api.flow;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Provider of issues and repositories. */
public enum SourceProvider {
  GITHUB,
  JIRA,
  SENTRY;

  /** Returns the provider that a trigger names; empty for one without an API client. */
  public static Optional<SourceProvider> find(String trigger) {
    return Stream.of(values())
        .filter(provider -> provider.name().toLowerCase(Locale.ROOT).equals(trigger))
        .findFirst();
  }
}
