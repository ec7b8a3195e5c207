package io.agentledger.api.flow;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Provider of issues and repositories. */
public enum SourceProvider {
  GITHUB("[^/]+/[^/]+", "[1-9][0-9]{0,11}"),
  JIRA("[^/]+", "[A-Z][A-Z0-9_]{0,86}-[1-9][0-9]{0,11}"),
  SENTRY("[^/]+(/[^/]+)?", "[1-9][0-9]{0,19}");

  private final Pattern project;
  private final Pattern item;

  SourceProvider(String project, String item) {
    this.project = Pattern.compile(project);
    this.item = Pattern.compile(item);
  }

  /** Returns whether a text has the shape of a project of the provider. */
  public boolean isProject(String text) {
    return project.matcher(text).matches();
  }

  /** Returns whether a text names an item as the provider does, by a whole number or a key. */
  public boolean isItem(String text) {
    return item.matcher(text).matches();
  }

  /** Returns whether the API has no address that all accounts of the provider share. */
  public boolean needsApiUrl() {
    return this == JIRA;
  }

  /** Returns the provider that a trigger names; empty for one without an API client. */
  public static Optional<SourceProvider> find(String trigger) {
    return Stream.of(values())
        .filter(provider -> provider.name().toLowerCase(Locale.ROOT).equals(trigger))
        .findFirst();
  }
}
