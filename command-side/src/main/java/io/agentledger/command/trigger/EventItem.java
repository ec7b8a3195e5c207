package io.agentledger.command.trigger;

import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.flow.SourceReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Item of an event that a flow can reply to. */
final class EventItem {
  private static final Pattern PROJECT =
      Pattern.compile("[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,99})?");
  private static final Pattern ITEM = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  /** A payload of Sentry names its organization in URLs only. */
  private static final Pattern SENTRY_URL =
      Pattern.compile(
          "https?://[^/?#]+/api/0/(?:organizations|projects)/([a-z0-9][a-z0-9_-]{0,99})/.*");

  private static final int URL_LENGTH_MAX = 2048;

  private EventItem() {}

  /** Returns the item; empty if the event has none, or one that is no part of a path. */
  static Optional<SourceReference> find(
      String provider, ProviderEvent event, Map<String, Object> payload) {
    var known = SourceProvider.find(provider);
    if (known.isEmpty()) return Optional.empty();
    var project =
        known.get() == SourceProvider.SENTRY
            ? organization(payload) + event.repository()
            : event.repository();
    if (!PROJECT.matcher(project).matches()
        || !ITEM.matcher(event.number()).matches()
        || hasDots(project)
        || !known.get().isProject(project)
        || !known.get().isItem(event.number())) return Optional.empty();
    return Optional.of(
        new SourceReference(known.get(), project, event.number(), toUrl(known.get(), event.url())));
  }

  private static String organization(Map<String, Object> payload) {
    for (var path : List.of("data.issue.url", "data.event.url", "data.error.url")) {
      var url = SENTRY_URL.matcher(ProviderEvent.text(payload, path));
      if (url.matches()) return url.group(1) + "/";
    }
    return "/"; // No project.
  }

  private static boolean hasDots(String path) {
    return Stream.of(path.split("/")).anyMatch(step -> step.equals(".") || step.equals(".."));
  }

  /** Returns the URL without its fragment; null for none, and for addresses of APIs. */
  private static @Nullable String toUrl(SourceProvider provider, String text) {
    if (provider == SourceProvider.JIRA || text.length() > URL_LENGTH_MAX) return null;
    try {
      var uri = new URI(text);
      return "https".equals(uri.getScheme())
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getQuery() == null
          ? new URI("https", uri.getAuthority(), uri.getPath(), null, null).toString()
          : null;
    } catch (URISyntaxException exception) {
      return null;
    }
  }
}
