package io.agentledger.client.support;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.WireNamed;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Query string of a request for a page of a list. Not thread-safe. */
public final class QueryString {
  private final StringBuilder text;

  private QueryString(PageRequest page) {
    this.text = new StringBuilder("?limit=").append(page.limit());
  }

  public static QueryString of(PageRequest page) {
    return new QueryString(page).with("cursor", page.cursor());
  }

  /** Adds a parameter, unless its value is null. */
  public QueryString with(String name, @Nullable Object value) {
    if (value != null) text.append('&').append(name).append('=').append(encode(value));
    return this;
  }

  private static String encode(Object value) {
    var parameter =
        switch (value) {
          case WireNamed named -> named.wireName();
          case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
          default -> value.toString();
        };
    return URLEncoder.encode(parameter, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
